/** What went wrong, in the page's words: they come with the page, by the problem's code. */

const RESEND_SOON_SECONDS = 90; // a longer wait is a limit, not the pause between codes
const UNITS = { hour: 3600, minute: 60, second: 1 };
const POINTED = {
  "/phone": "phone_invalid",
  "/name": "name_invalid",
  "/email": "email_invalid",
  "/birth_date": "date_refused",
};

/** Speaks the page's language. */
export function speaker(words, language) {
  function span(seconds) {
    const unit = Object.keys(UNITS).find((name) => seconds >= 1.5 * UNITS[name]) ?? "second";
    const format = new Intl.RelativeTimeFormat(language, { numeric: "always" });
    return format.format(Math.max(1, Math.ceil(seconds / UNITS[unit])), unit);
  }

  function explain(problem) {
    const names = new Intl.DisplayNames(language, { type: "region" });
    const countries =
      (problem.countries ?? "").match(/\w+/g)?.map((code) => names.of(code)) ?? [];
    return (words[codeOf(problem)] ?? words.unexpected)
      .replace("{when}", span(problem.retryAfter ?? 0))
      .replace("{left}", problem.attempts_left)
      .replace("{countries}", countries.join(", "));
  }

  return { span, explain };
}

export function codeOf(problem) {
  if (problem.status === 503) return "busy";
  if (problem.code === "bad_input") return POINTED[problem.errors?.[0]?.pointer];
  if (problem.code === "code_wrong" && !problem.attempts_left) return "code_wrong_last";
  const isPause = problem.retryAfter <= RESEND_SOON_SECONDS;
  return problem.code === "too_many_codes" && isPause ? "resend_early" : problem.code;
}
