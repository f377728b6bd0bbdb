// Spaced repetition on the phone: the FSRS-6 model with the numbers the server sends (quizbank/scheduling.py), so that a
// guest, or anybody without a network, gets the same days. tests/journeys/test_learn.py compares both on random histories.
const LEARNING = 1, REVIEW = 2, RELEARNING = 3;
const AGAIN = 1, HARD = 2, GOOD = 3, EASY = 4;
const DAY = 86400;

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** The state after one more look. `card` is null for a card never seen, `at` milliseconds, `rules` the page's scheduler. */
export function review(card, rating, at, { w, retention, longest, learning, relearning }) {
  const decay = -w[20], factor = 0.9 ** (1 / decay) - 1;
  const firstDifficulty = (one) => w[4] - Math.exp(w[5] * (one - 1)) + 1;
  const next = card ? { ...card } : { state: LEARNING, step: 0, stability: null, difficulty: null };
  const days = card?.last_review ? Math.floor((at - Date.parse(card.last_review)) / (DAY * 1000)) : null;

  if (next.stability === null) {
    next.stability = Math.max(w[rating - 1], 0.001);
    next.difficulty = clamp(firstDifficulty(rating), 1, 10);
  } else {
    const { stability: s, difficulty: d } = next;
    if (days !== null && days < 1) {
      const grown = Math.exp(w[17] * (rating - 3 + w[18])) * s ** -w[19];
      next.stability = s * (rating > AGAIN ? Math.max(grown, 1) : grown);
    } else {
      const known = (1 + (factor * Math.max(0, days)) / s) ** decay;
      next.stability = rating === AGAIN
        ? Math.min(w[11] * d ** -w[12] * ((s + 1) ** w[13] - 1) * Math.exp((1 - known) * w[14]), s / Math.exp(w[17] * w[18]))
        : s * (1 + Math.exp(w[8]) * (11 - d) * s ** -w[9] * (Math.exp((1 - known) * w[10]) - 1)
          * (rating === HARD ? w[15] : 1) * (rating === EASY ? w[16] : 1));
    }
    next.stability = Math.max(next.stability, 0.001);
    const moved = d + ((10 - d) * -(w[6] * (rating - 3))) / 9;
    next.difficulty = clamp(w[7] * firstDifficulty(EASY) + (1 - w[7]) * moved, 1, 10);
  }

  const rest = restOf(next, rating, () => DAY * clamp(Math.round((next.stability / factor) * (retention ** (1 / decay) - 1)), 1, longest), learning, relearning);
  next.due = new Date(at + rest * 1000).toISOString();
  next.last_review = new Date(at).toISOString();
  return next;
}

// Moves `next` along its first steps and gives the seconds it rests.
function restOf(next, rating, interval, learning, relearning) {
  if (next.state === REVIEW) {
    if (rating !== AGAIN || !relearning.length) return interval();
    next.state = RELEARNING;
    next.step = 0;
    return relearning[0];
  }
  const steps = next.state === LEARNING ? learning : relearning;
  const graduate = () => {
    next.state = REVIEW;
    next.step = null;
    return interval();
  };
  if (!steps.length || (next.step >= steps.length && rating !== AGAIN)) return graduate();
  switch (rating) {
    case AGAIN:
      next.step = 0;
      return steps[0];
    case HARD:
      if (next.step === 0) return steps.length === 1 ? steps[0] * 1.5 : (steps[0] + steps[1]) / 2;
      return steps[next.step];
    case GOOD:
      if (next.step + 1 === steps.length) return graduate();
      next.step += 1;
      return steps[next.step];
    default:
      return graduate();
  }
}

/** Whether a card has left its first steps. */
export const settled = (card) => card.state === REVIEW;

export const dueAt = (card) => Date.parse(card.due);

const SCALE = [[60, "minutes"], [60, "hours"], [24, "days"], [30, "months"], [12, "years"]];

/** "10 phút", "3 ngày": one unit, as quizbank/study_words.py says it. */
export function restWords(seconds, words) {
  let amount = seconds, unit = "minutes";
  for (const [size, name] of SCALE) {
    if (name !== "minutes" && amount < size) break;
    amount /= size;
    unit = name;
  }
  return words[unit].replace("{n}", Math.max(1, Math.round(amount)));
}
