/**
 * Other ways in, where no message arrives: a code by e-mail, or a card without a number. The
 * service says which there are; they appear at the step that needs them, and not before.
 */

/** @param {{email: Function, refuse: Function, card: Function, busy: Function}} work what each way does */
export function otherWays(root, work) {
  const ways = root.querySelector("[data-ways]");
  const byEmail = ways.querySelector("[data-email]");
  const without = ways.querySelector("[data-without]");
  const field = ways.querySelector("#email");
  const begin = (todo) => work.busy(ways.closest("[data-step]"), todo);

  function askByEmail() {
    if (field.value.trim() && field.validity.valid) {
      return begin(() => work.email(field.value.trim()));
    }
    work.refuse();
  }

  ways.querySelector("[data-by-email]").addEventListener("click", askByEmail);
  ways.querySelector("[data-card-only]").addEventListener("click", () => begin(work.card));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // the step around it would send the phone again
    askByEmail();
  });

  /** Shows what an answer offers at a step, a list or a text with commas; whether any. */
  function offer({ alternatives = "" }, name) {
    const step = root.querySelector(`[data-step=${name}]`);
    const offered = String(alternatives).split(",");
    byEmail.hidden = !offered.includes("email");
    without.hidden = !offered.includes("card_only");
    ways.hidden = byEmail.hidden && without.hidden;
    step.querySelector("[data-place]").append(ways);
    const around = step.querySelector("[data-no-message]");
    if (around) around.hidden = ways.hidden;
    return !ways.hidden;
  }

  return { offer };
}
