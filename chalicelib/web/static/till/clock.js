/**
 * How far the service's clock is ahead of ours. A device whose clock is wrong sells by the
 * service's; one whose clock was set since they were compared, or that has slept, asks again.
 */

const SET_MS = 5_000; // no clock drifts so far within a day

let compared = 0; // our clock less the time since the page was opened, when last compared

/**
 * Note with a fresh answer how far the service's clock is ahead of ours: kept with the
 * session, as a till that is opened without a network sells by the service's clock too.
 */
export function timed(session) {
  if (!session.csrf_token || "clock_ahead_ms" in session) return session;
  compared = sinceOpened();
  return { ...session, clock_ahead_ms: Date.parse(session.now) - Date.now() };
}

/** Return whether our clock may have been set since. */
export function wasSet() {
  return Math.abs(sinceOpened() - compared) > SET_MS;
}

function sinceOpened() {
  return Date.now() - performance.now();
}
