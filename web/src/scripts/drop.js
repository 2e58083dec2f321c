// Files: drop them on the zone, see what was chosen. Without this the input alone does the same.
export function prepareDrops(root) {
  for (const zone of root.querySelectorAll("[data-drop]")) {
    const input = zone.querySelector("input[type=file]");
    const hint = zone.querySelector("[data-drop-hint]");
    const say = () => {
      const file = input.files[0];
      if (file) hint.textContent = `已选择 ${file.name}（${Math.max(1, Math.round(file.size / 1024))} KB）`;
    };
    input.addEventListener("change", say);
    zone.addEventListener("dragover", (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      if (event.dataTransfer.files.length === 0) return;
      input.files = event.dataTransfer.files;
      say();
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}
