// Keeps what is typed without a network, on a device that an administrator enrolled, for four hours at most: notes and
// attendance of the meeting whose page is open. Each is encrypted by a key that no script can read out, and sent in the
// order in which it was typed when the line is back. Elsewhere there is nothing here to wake up.
const here = document.querySelector("[data-waiting]");
const DATABASE = "cpconf-waiting";
const SIGN_OUT = "form[data-signs-out]";
const LASTS = 4 * 60 * 60 * 1000;
const AGAIN = 10000;
const ANSWERS = 15000;
const WAITS = "Not sent yet. It waits in this browser and goes out when the line is back.";
const LOST = "was typed more than four hours ago and never sent. It has been removed from this browser: write it again.";
const ENDED = "You may not send this any more, or this device is no longer enrolled. It is no longer kept in this browser. Copy what you need.";
const UNSENT = "Something you typed has not been sent yet. Stay until it is, or it will be lost.";

if (!window.indexedDB || !window.crypto?.subtle) {
  // Nothing can wait; pages say what is not saved.
} else {
  document.addEventListener("submit", leave, true);
  if (here) {
    wait();
  } else if (document.querySelector("[data-waiting-none]")) {
    // This browser is not enrolled, or no longer.
    removeAll();
  } else {
    removeExpired();
  }
}

async function wait() {
  const owner = here.dataset.waiting;
  const list = here.querySelector("[data-waiting-list]");
  const said = here.querySelector("[data-waiting-said]");
  const token = () => here.querySelector("[name=csrfmiddlewaretoken]").value;
  // What no longer may or can be sent is shown until the page is left, and kept nowhere else.
  const shown = [];
  let waiting = [];
  let timer = 0;

  document.addEventListener("not-sent", (event) => {
    const kind = kindOf(event.target);
    if (kind === "attendance" || (kind && isWhole(event.detail))) {
      event.preventDefault();
      keep(event.target, kind, event.detail);
    }
  });
  addEventListener("online", send);
  document.addEventListener("meeting-closed-to-you", end);
  addEventListener("beforeunload", (event) => waiting.length && event.preventDefault());
  document.addEventListener("signing-out", () => {
    waiting = [];
  });

  await removeExpired(owner, (entry) => shown.push({ ...entry, words: LOST }));
  await read();
  send();

  async function keep(form, kind, fields) {
    const entry = {
      kind,
      once_key: crypto.randomUUID(),
      typed_at: new Date().toISOString(),
      seen: document.querySelector("[data-live]")?.dataset.liveKey ?? "",
      label: labelOf(form, kind, fields),
      fields: [...fields].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken"),
      participant: form.getAttribute("action")?.match(/people\/(\d+)\/mark/)?.[1] ?? "",
    };
    try {
      await store(owner, entry);
    } catch {
      say("This is not saved. It could not be kept in this browser either.");
      return;
    }
    form.dispatchEvent(new Event("sent"));
    if (kind === "note") {
      for (const name of ["text", "evidence", "seen_differently"]) {
        const field = form.elements.namedItem(name);
        if (field) {
          field.value = "";
        }
      }
      form.elements.namedItem("text")?.focus();
    }
    await read();
    say(`Kept in this browser: ${waiting.length} waiting to be sent.`);
    later();
  }

  async function read() {
    waiting = await all(owner);
    draw();
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(send, AGAIN);
  }

  function send() {
    clearTimeout(timer);
    // Of two windows one sends.
    return navigator.locks.request(DATABASE, { ifAvailable: true }, async (lock) => {
      if (!lock) {
        later();
        return;
      }
      await read();
      for (const entry of [...waiting]) {
        const went = await one(entry);
        if (!went) {
          later();
          break;
        }
        await read();
      }
    });
  }

  // True when the next one may go: this one is settled, whichever way.
  async function one(entry) {
    if (Date.now() - Date.parse(entry.typed_at) > LASTS) {
      shown.push({ ...entry, words: LOST });
      await remove(entry.id);
      return true;
    }
    const body = new FormData();
    for (const [name, value] of entry.fields) {
      body.append(name, value);
    }
    for (const name of ["kind", "once_key", "seen", "participant"]) {
      body.set(name, entry[name]);
    }
    body.set("typed_ago", String(Math.max(0, Math.round((Date.now() - Date.parse(entry.typed_at)) / 1000))));
    let answer;
    let told;
    try {
      answer = await fetch(here.dataset.waitingUrl, {
        method: "POST",
        body,
        credentials: "same-origin",
        redirect: "manual",
        signal: AbortSignal.timeout(ANSWERS),
        headers: { "X-CSRFToken": token(), Accept: "application/json" },
      });
      told = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
    } catch {
      return false;
    }
    if (answer.type === "opaqueredirect") {
      say("You are signed out. Sign in again in another window, and what waits here is sent.");
      return false;
    }
    if (told?.state === "ended" || [403, 404].includes(answer.status)) {
      await end();
      return false;
    }
    if (!told) {
      return false;
    }
    await remove(entry.id);
    if (told.state === "refused") {
      shown.push({ ...entry, words: `Not accepted. ${told.words}` });
    }
    say(told.state === "waits" ? `${entry.label}: sent. It waits for the chair. ${told.words}` : told.state === "taken" ? `${entry.label}: sent.` : "");
    return true;
  }

  // Access is lost: nothing stays in the browser, and the open page shows what was not sent.
  async function end() {
    shown.push(...waiting.map((entry) => ({ ...entry, words: ENDED })));
    waiting = [];
    await removeAll();
    draw();
    say(ENDED);
  }

  function draw() {
    const rows = [...waiting.map((entry) => ({ ...entry, words: WAITS })), ...shown];
    list.hidden = !rows.length;
    list.replaceChildren(
      heading(rows.length),
      ...rows.map(({ label, fields, kind, words }) => {
        const line = document.createElement("p");
        const strong = document.createElement("strong");
        strong.textContent = kind === "note" ? text(fields) : label;
        line.append(strong, document.createElement("br"), words);
        return line;
      }),
    );
  }

  function heading(number) {
    const line = document.createElement("p");
    const strong = document.createElement("strong");
    strong.textContent = waiting.length ? `Waiting to be sent: ${waiting.length}` : `Not sent: ${number}`;
    line.append(strong);
    return line;
  }

  function say(words) {
    said.textContent = words;
  }
}

// Whoever signs out leaves nothing behind, and is told before what would be lost.
async function leave(event) {
  const form = event.target;
  if (!form.matches(SIGN_OUT)) {
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if ((await isStored()) && (await on("entries", "readonly", (entries) => entries.count())) && !confirm(UNSENT)) {
    return;
  }
  document.dispatchEvent(new CustomEvent("signing-out"));
  await removeAll();
  HTMLFormElement.prototype.submit.call(form);
}

function kindOf(form) {
  if (form.matches("form[data-note]") && form.closest("#add")) {
    return "note";
  }
  return /\/people\/\d+\/mark\/$/.test(form.getAttribute("action") ?? "") ? "attendance" : "";
}

// What would be refused for a missing answer does not leave its form.
function isWhole(fields) {
  const has = (name) => String(fields.get(name) ?? "").trim() !== "";
  return has("heading") && has("nature") && has("text") && (fields.get("nature") !== "opinion" || has("evidence"));
}

const text = (fields) => fields.find(([name]) => name === "text")?.[1] ?? "";

function labelOf(form, kind, fields) {
  if (kind === "note") {
    const words = text([...fields]);
    return `Note “${words.length > 60 ? `${words.slice(0, 60)}…` : words}”`;
  }
  const mark = form.querySelector(`[name=mark][value="${CSS.escape(String(fields.get("mark")))}"]`)?.textContent.trim();
  return `${form.closest("[aria-label]")?.getAttribute("aria-label") ?? ""}: ${mark ?? ""}`;
}

// The store: keys that cannot be read out, and what they have sealed.

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("keys");
      asked.result.createObjectStore("entries", { keyPath: "id", autoIncrement: true });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function on(store, mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const act = database.transaction(store, mode);
      const asked = work(act.objectStore(store));
      act.oncomplete = () => resolve(asked?.result);
      act.onerror = act.onabort = () => reject(act.error);
    });
  } finally {
    database.close();
  }
}

async function keyOf(owner) {
  const known = await on("keys", "readonly", (keys) => keys.get(owner));
  if (known) {
    return known;
  }
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await on("keys", "readwrite", (keys) => keys.put(made, owner));
  return made;
}

// What belongs together: whose it is and of which meeting.
const bound = (owner) => new TextEncoder().encode(`${owner} ${here?.dataset.waitingUrl ?? ""}`);

async function store(owner, entry) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: bound(owner) },
    await keyOf(owner),
    new TextEncoder().encode(JSON.stringify(entry)),
  );
  const page = here.dataset.waitingUrl;
  await on("entries", "readwrite", (entries) => entries.add({ owner, page, iv, sealed, until: Date.now() + LASTS }));
}

async function all(owner) {
  const rows = await on("entries", "readonly", (entries) => entries.getAll());
  const own = rows.filter((row) => row.owner === owner && row.page === here.dataset.waitingUrl);
  const key = own.length ? await keyOf(owner) : null;
  const found = [];
  for (const row of own) {
    try {
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv, additionalData: bound(owner) }, key, row.sealed);
      found.push({ ...JSON.parse(new TextDecoder().decode(plain)), id: row.id });
    } catch {
      await remove(row.id);
    }
  }
  return found;
}

const remove = (id) => on("entries", "readwrite", (entries) => entries.delete(id));

function removeAll() {
  return new Promise((resolve) => {
    const asked = indexedDB.deleteDatabase(DATABASE);
    asked.onsuccess = asked.onerror = asked.onblocked = () => resolve();
  });
}

// What is too old goes, and what belongs to somebody else who used this browser; with the last entry the keys go too.
async function removeExpired(owner = "", told = () => {}) {
  if (!(await isStored())) {
    return;
  }
  const rows = await on("entries", "readonly", (entries) => entries.getAll());
  const old = rows.filter((row) => row.until < Date.now() || (owner && row.owner !== owner));
  for (const row of old) {
    if (row.owner === owner) {
      told({ kind: "attendance", label: "Something", fields: [] });
    }
    await remove(row.id);
  }
  if (rows.length === old.length) {
    await removeAll();
  }
}

async function isStored() {
  const known = (await indexedDB.databases?.()) ?? [{ name: DATABASE }];
  return known.some(({ name }) => name === DATABASE);
}
