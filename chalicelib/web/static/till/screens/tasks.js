/** Buttons of the start screen besides finding a member: `{screen, word, icon, params?}`. */

export const TASKS = [
  { screen: "gift_cards", word: "gift_cards", icon: "gift-card" },
  { screen: "returns", word: "returns", icon: "receipt-refund" },
];
