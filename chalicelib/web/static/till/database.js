/**
 * What the till keeps in the browser, by the ids of merchant and till: one device may be
 * bound anew, and what another till left is neither shown nor sent.
 *
 * | store    | key             | what                                                  |
 * |----------|-----------------|-------------------------------------------------------|
 * | receipts | number, growing | sales the service has not answered for (`outbox.js`)  |
 * | baskets  | till            | the sale under way (`basket_store.js`)                |
 * | members  | till, code hash | who was seen lately (`last_members.js`)               |
 *
 * Writes are strict: what was kept is on the disk when the promise resolves.
 */

const NAME = "kopilka.till";
const VERSION = 1;
const OPEN_MS = 2_000; // some browsers never answer: they keep nothing until they do

let opened = null;

/** @returns {Promise<IDBDatabase>} */
function database() {
  opened ??= new Promise((resolve, reject) => {
    const late = new DOMException("not opened", "TimeoutError");
    setTimeout(() => reject(late), OPEN_MS);
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => lay(asked.result);
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      asked.result.onclose = () => (opened = null);
      opened = Promise.resolve(asked.result);
      resolve(asked.result);
    };
  }).catch((error) => {
    if (error.name !== "TimeoutError") opened = null;
    throw error;
  });
  return opened;
}

function lay(made) {
  const numbered = { keyPath: "number", autoIncrement: true };
  const receipts = made.createObjectStore("receipts", numbered);
  receipts.createIndex("till", "till");
  receipts.createIndex("key", ["till", "key"], { unique: true });
  made.createObjectStore("baskets", { keyPath: "till" });
  made.createObjectStore("members", { keyPath: ["till", "hash"] });
}

/**
 * Read from one store.
 * @template T
 * @param {string} name
 * @param {(store: IDBObjectStore) => IDBRequest<T>} ask
 * @returns {Promise<T>}
 */
export async function read(name, ask) {
  const store = (await database()).transaction(name).objectStore(name);
  return answer(ask(store));
}

/**
 * Write to one store; `work` may ask and write, and must wait for nothing else.
 * @template T
 * @param {string} name
 * @param {(store: IDBObjectStore) => T | Promise<T>} work
 * @returns {Promise<T>} once it is on the disk
 */
export async function write(name, work) {
  const made = (await database()).transaction(name, "readwrite", { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    made.oncomplete = resolve;
    made.onabort = () => reject(made.error ?? new Error("not kept"));
  });
  done.catch(() => {}); // told below
  const found = await work(made.objectStore(name));
  await done;
  return found;
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
export function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
