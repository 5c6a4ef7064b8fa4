/** A short tone and a short buzz: a code was read, with eyes elsewhere. */

const HERTZ = 1046;
const TONE_SECONDS = 0.09;
const LOUD = 0.2;
const BUZZ_MS = 40;

let sound = null;

/** Say that a code was read; a browser that lets nothing sound yet stays silent. */
export function chime() {
  navigator.vibrate?.(BUZZ_MS);
  try {
    sound ??= new AudioContext();
    if (sound.state === "suspended") sound.resume();
    const tone = new OscillatorNode(sound, { frequency: HERTZ });
    const fade = new GainNode(sound, { gain: LOUD });
    fade.gain.setTargetAtTime(0, sound.currentTime + TONE_SECONDS / 2, TONE_SECONDS / 6);
    tone.connect(fade).connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + TONE_SECONDS);
  } catch {
    sound = null; // no sound device
  }
}
