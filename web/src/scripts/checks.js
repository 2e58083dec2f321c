// Tells a typing mistake in an identifier at once by its check digit. The server decides; this only warns.
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY";

// GB 11643: sum of weighted digits modulo 11.
export function identity(text) {
  if (!/^\d{17}[\dX]$/.test(text)) return false;
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(text[i]), 0);
  return "10X98765432"[sum % 11] === text[17];
}

// GB 32100: weights are powers of 3 modulo 31.
export function credit(text) {
  if (text.length !== 18 || [...text].some((c) => !LETTERS.includes(c))) return false;
  let weight = 1;
  let sum = 0;
  for (const c of text.slice(0, 17)) {
    sum += LETTERS.indexOf(c) * weight;
    weight = (weight * 3) % 31;
  }
  return LETTERS[(31 - (sum % 31)) % 31] === text[17];
}

function tell(input) {
  const text = input.value.trim().toUpperCase();
  let note = input.nextElementSibling;
  if (!note?.classList.contains("check-note")) {
    note = document.createElement("p");
    note.className = "check-note";
    note.setAttribute("role", "status");
    input.after(note);
  }
  // Passports and other documents are shorter or longer; only eighteen characters claim to be one of these.
  const complete = text.length === 18;
  const right = (input.dataset.check === "credit" ? credit : identity)(text);
  note.textContent = !complete ? "" : right ? "校验位相符" : "校验位不符，请逐位核对，特别是最后一位";
  note.classList.toggle("good", complete && right);
}

export function checkIdentifiers() {
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-check]")) tell(event.target);
  });
}
