// Lists: tick all, tick a range with Shift, say how many are ticked.
// The boxes are named `id`, so `form.id` would be one of them: ask for the attribute.
const boxes = (form) => [...document.querySelectorAll(`[data-tick][form="${form.getAttribute("id")}"]`)];
let lastTicked = null;

function tell(form) {
  const all = boxes(form);
  const ticked = all.filter((box) => box.checked).length;
  const words = form.querySelector("[data-bulk-count]");
  words.textContent = ticked ? `已选 ${ticked} 条` : "勾选后可批量办理";
  form.classList.toggle("ready", ticked > 0);
  for (const button of form.querySelectorAll("button")) button.disabled = ticked === 0;
  const head = form.closest(".list")?.querySelector("[data-tick-all]");
  if (head) {
    head.checked = ticked > 0 && ticked === all.length;
    head.indeterminate = ticked > 0 && ticked < all.length;
  }
}

export function prepareTables(root) {
  for (const form of root.querySelectorAll("[data-bulk]")) tell(form);
}

export function watchTables() {
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement)) return;
    if (box.matches("[data-tick-all]")) {
      const form = box.closest(".list").querySelector("[data-bulk]");
      for (const each of boxes(form)) each.checked = box.checked;
      tell(form);
    } else if (box.matches("[data-tick]")) {
      const all = boxes(box.form);
      const [from, to] = [all.indexOf(lastTicked), all.indexOf(box)];
      if (event.shiftKey && from >= 0) {
        for (const each of all.slice(Math.min(from, to), Math.max(from, to) + 1)) each.checked = box.checked;
      }
      lastTicked = box;
      tell(box.form);
    }
  });
}
