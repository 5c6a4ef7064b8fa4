/** What a till sounds and feels like: short, and different for done and refused. */

const TONES = {
  refused: [
    [220, 0.12],
    [180, 0.16],
  ],
  done: [
    [660, 0.08],
    [990, 0.12],
  ],
};
const PULSES = { refused: [60, 60, 60], done: [40] };
const LOUDNESS = 0.12;
let sound = null;

/** Sound and vibrate, as far as the device can and the browser lets it. */
export function feel(what) {
  navigator.vibrate?.(PULSES[what]);
  if (!navigator.userActivation?.hasBeenActive) return; // browsers keep silent until a touch
  sound ??= new AudioContext();
  let at = sound.currentTime;
  for (const [hertz, seconds] of TONES[what]) {
    const tone = new OscillatorNode(sound, { frequency: hertz });
    const gain = new GainNode(sound, { gain: LOUDNESS });
    tone.connect(gain).connect(sound.destination);
    tone.start(at);
    tone.stop(at + seconds);
    at += seconds;
  }
}
