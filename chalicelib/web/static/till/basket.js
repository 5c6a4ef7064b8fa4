/**
 * What is being sold, before it is a receipt. Amounts in minor units, quantities as text.
 *
 *   way         "total" | "categories" | "goods": which of the three counts
 *   total       the amount of the receipt
 *   categories  amounts by category, "": of none; a list where each unit is stamped
 *   lines       [{sku, quantity, unit, price}]
 *   redeem      {mode: "none" | "max" | "exact", points?}
 *   codes       promo codes as typed
 *   giftCard    what pays: the code of a gift card, {id, ending} of one the member keeps; null
 */

const MILLI = 1000;

/** Return an empty basket; a total is of no use where only categories earn or are stamped. */
export function newBasket(program) {
  const { asks_for_categories, stamp_category } = program;
  return {
    way: asks_for_categories || stamp_category ? "categories" : "total",
    total: 0,
    categories: {},
    lines: [],
    redeem: { mode: "none" },
    codes: [],
    giftCard: null,
  };
}

/** Return the price of one line: its quantity is in thousandths. */
export function lineTotal(line) {
  const [whole, part = ""] = line.quantity.split(".");
  const milli = Number(whole) * MILLI + Number(part.padEnd(3, "0"));
  return Math.floor((2 * milli * line.price + MILLI) / (2 * MILLI));
}

/** Return what the basket costs before discounts. */
export function totalOf(basket) {
  if (basket.way === "total") return basket.total;
  const parts =
    basket.way === "categories"
      ? Object.values(basket.categories).flat()
      : basket.lines.map(lineTotal);
  return parts.reduce((sum, part) => sum + part, 0);
}

/** Return a quote's body; a purchase adds its number and moment to it. */
export function bodyOf(basket, member, redeem = basket.redeem) {
  return {
    ...(member && { member_id: member.member_id }),
    channel: "offline",
    ...goodsOf(basket),
    redeem,
    ...(basket.codes.length && { promo_codes: basket.codes }),
    ...(basket.giftCard && { gift_card: { ...nameOfCard(basket.giftCard), mode: "max" } }),
  };
}

/** Return the basket without what only the member who leaves it could pay with. */
export function withoutMember(basket) {
  const isKept = typeof basket.giftCard === "object";
  return {
    ...basket,
    redeem: { mode: "none" },
    giftCard: isKept ? null : basket.giftCard,
  };
}

function nameOfCard(card) {
  return typeof card === "string" ? { code: card } : { gift_card_id: card.id };
}

function goodsOf(basket) {
  if (basket.way === "total") return { total_minor: basket.total };
  if (basket.way === "goods") {
    return {
      lines: basket.lines.map(({ sku, quantity, unit, price }) => ({
        ...(sku && { sku }),
        quantity,
        ...(unit && { unit }),
        unit_price_minor: price,
      })),
    };
  }
  return {
    lines: Object.entries(basket.categories).flatMap(([category, amounts]) =>
      [amounts]
        .flat()
        .filter((amount) => amount > 0)
        .map((amount) => ({
          ...(category && { category }),
          quantity: "1",
          unit_price_minor: amount,
        })),
    ),
  };
}

/**
 * Return a till's own number of a receipt: short, to be read out; the year's last digit, and
 * hundredths of a second, as two devices may be bound to one till.
 */
export function receiptNumber(at) {
  const two = (value) => String(value).padStart(2, "0");
  const date = `${at.getFullYear() % 10}${two(at.getMonth() + 1)}${two(at.getDate())}`;
  const time = [at.getHours(), at.getMinutes(), at.getSeconds(), at.getMilliseconds() / 10];
  return `${date}-${time.map((part) => two(Math.floor(part))).join("")}`;
}

/** Return a key that nobody has used: a page without TLS has no `randomUUID`. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
