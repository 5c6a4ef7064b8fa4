/**
 * A phone number with its country: typed, pasted or filled in by the browser, in any form.
 * The service reads it again and decides; here it only becomes international.
 */

const NATIONAL_DIGITS_MIN = 9; // after a calling code that was typed along

/** The field, with `value()`: the number as it is sent and shown. */
export function phoneField(root) {
  const input = root.querySelector("#phone");
  const list = root.querySelector("[data-country]");
  const codeOf = (option) => option.dataset.code;

  function mark() {
    root.querySelector("[data-code]").textContent = `+${codeOf(list.selectedOptions[0])}`;
  }

  /** A number with its own code chooses its country, and says the code no more. */
  function settle() {
    const typed = international(input.value);
    if (!typed) return;
    const digits = typed.replace(/\D/g, "");
    const fits = (option) => digits.startsWith(codeOf(option));
    const known = [list.selectedOptions[0], ...list.options].filter(fits);
    const longest = Math.max(...known.map((option) => codeOf(option).length));
    const found = known.find((option) => codeOf(option).length === longest);
    if (!found) return;
    found.selected = true;
    input.value = digits.slice(longest);
    mark();
  }

  function value() {
    const typed = international(input.value) ?? input.value.trim();
    if (!list || typed.startsWith("+") || !typed) return typed;
    const code = codeOf(list.selectedOptions[0]);
    const digits = typed.replace(/\D/g, "");
    const isWhole = digits.length >= code.length + NATIONAL_DIGITS_MIN;
    if (isWhole && digits.startsWith(code)) return `+${digits}`;
    if (code === "7" && /^8\d{10}$/.test(digits)) return `+7${digits.slice(1)}`;
    return `+${code}${digits}`;
  }

  if (list) {
    list.addEventListener("change", mark);
    input.addEventListener("change", settle); // also when the browser fills it in
    input.addEventListener("paste", () => setTimeout(settle));
    mark();
  }
  return { value };
}

/** A number as it is read: where we know how, in groups that do not break. */
export const written = (phone) =>
  phone.replace(/^\+7(\d{3})(\d{3})(\d{2})(\d{2})$/, "+7\u00a0$1\u00a0$2\u2011$3\u2011$4");

const international = (text) =>
  /^\s*(\+|00)/.test(text) ? `+${text.replace(/^\s*(\+|00)/, "").trim()}` : undefined;
