// Small things of a page: menus that close, printing, copying, the phone's navigation.
export function preparePage(root) {
  // Buttons that need a script appear only with one.
  for (const button of root.querySelectorAll("[data-print], [data-copy], [data-reveal], [data-tick-all]")) button.hidden = false;
}

async function copy(button) {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "已复制";
  } catch {
    button.textContent = "未能复制，请手动选择";
  }
  setTimeout(() => (button.textContent = before), 2000);
}

function reveal(button) {
  const input = document.getElementById(button.dataset.reveal);
  const shown = input.type === "password";
  input.type = shown ? "text" : "password";
  button.textContent = shown ? "隐藏" : "显示";
  button.setAttribute("aria-pressed", String(shown));
}

export function watchPage() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.matches("[data-print]")) window.print();
    if (button?.matches("[data-copy]")) copy(button);
    if (button?.matches("[data-reveal]")) reveal(button);
    for (const menu of document.querySelectorAll("[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    if (location.hash === "#nav") location.hash = "";
  });
}
