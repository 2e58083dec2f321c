// Keyboard: `/` goes to the search box, `?` shows the keys. Never while someone types.
function typing(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function visible(element) {
  return element.getClientRects().length > 0;
}

export function watchKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "/") {
      // The list's own search comes before that of the frame.
      const boxes = [...document.querySelectorAll("main [data-search], [data-search]")].filter(visible);
      const box = boxes.find((b) => b.closest("main")) ?? boxes[0];
      if (box) {
        event.preventDefault();
        box.focus();
        box.select();
      }
    } else if (event.key === "?") {
      event.preventDefault();
      document.querySelector("[data-keys]")?.showModal();
    }
  });
}
