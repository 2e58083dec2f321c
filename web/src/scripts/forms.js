// Forms: focus on what is wrong, drafts saved while typing, a warning before changes are lost, characters left.
let changed = null;

export function prepareForms(root) {
  root.querySelector("[data-error-summary]")?.focus();
  for (const area of root.querySelectorAll("textarea[data-count]")) countOf(area);
}

function countOf(area) {
  let note = area.nextElementSibling;
  if (!note?.classList.contains("count-note")) {
    note = document.createElement("p");
    note.className = "count-note";
    area.after(note);
  }
  note.textContent = `${area.value.length} / ${area.maxLength} 字`;
}

async function save(form) {
  const state = form.querySelector("[data-autosave-state]");
  try {
    const reply = await fetch(form.dataset.autosave, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (!reply.ok) throw new Error(String(reply.status));
    changed = null;
    const time = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
    if (state) state.textContent = `草稿已保存 ${time}`;
  } catch {
    if (state) state.textContent = "草稿未能保存，请检查网络后再试";
  }
}

export function guardForms() {
  const timers = new WeakMap();
  document.addEventListener("input", (event) => {
    if (event.target.matches("textarea[data-count]")) countOf(event.target);
    const form = event.target.closest("form[data-guard]");
    if (!form) return;
    changed = form;
    if (!form.dataset.autosave) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => save(form), 3000));
  });
  document.addEventListener("submit", (event) => {
    if (event.target === changed) changed = null;
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed?.isConnected) event.preventDefault();
  });
}
