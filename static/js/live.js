// Shows on an open page of a meeting what others write. The page is asked for again, through its own checks, and what
// is marked with data-live-region is brought up to date, element by element, as far as it differs. Where somebody is typing, or has chosen something that is not
// sent yet, nothing moves: that place follows once they have left it.
import { initAll } from "../build/govuk-frontend.min.js";
import { follow } from "./following.js";

const here = document.querySelector("[data-live]");
const SPREAD = 300;
const SAID_AGAIN = 4000;
// A form to fill in stays as it was opened: its own version tells whether someone was quicker.
const TYPED = "textarea, .govuk-radios, .govuk-checkboxes, input[type=text], input[type=search]";
// What scripts of the page have put there is theirs.
const KEPT = "[data-live-keep], .cp-not-saved";
const TOKEN = "csrfmiddlewaretoken";
const OUT = "No connection. What others write appears here when the line is back.";
const OTHER = "The meeting has changed, and this page with it. What you typed is still here. Copy what you need, then open the page again.";
const CLOSED = "You can’t follow this meeting any more. What you typed is still here. Copy what you need, then open the page again.";

if (here) {
  start();
}

function start() {
  const said = here.querySelector("[data-live-said]");
  const state = here.querySelector("[data-live-state]");
  let asking = false;
  let again = false;
  let waits = false;
  let changed = false;
  let notes = 0;
  let speaking = 0;

  const line = follow({
    stream: here.dataset.live,
    changed: here.dataset.liveChanged,
    key: here.dataset.liveKey,
    port: here.dataset.livePort,
    onChange: () => setTimeout(refresh, Math.random() * SPREAD),
    onClosed: close,
    onLine: (is) => show(is ? "" : OUT),
  });

  document.addEventListener("focusout", () => setTimeout(() => waits && refresh(), 200));

  function refresh() {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    waits = false;
    // The browser parses the answer itself: no script here turns text into HTML.
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.addEventListener("loadend", () => {
      asking = false;
      const samePage = request.responseURL === location.href.split("#")[0];
      const fresh = request.response?.querySelector("[data-live]");
      if (request.status === 200 && samePage && fresh) {
        here.dataset.liveKey = fresh.dataset.liveKey;
        line.seen(fresh.dataset.liveKey);
        apply(request.response);
      } else if (request.status && request.status < 500) {
        show(OTHER);
      }
      if (again) {
        again = false;
        refresh();
      }
    });
    request.open("GET", location.href);
    request.setRequestHeader("X-Sent-By", "live");
    request.send();
  }

  function apply(fresh) {
    const token = document.querySelector(`[name=${TOKEN}]`)?.value;
    if (token) {
      // Each answer masks the same token anew.
      fresh.querySelectorAll(`[name=${TOKEN}]`).forEach((field) => field.setAttribute("value", token));
    }
    const places = document.querySelectorAll("[data-live-region]");
    let found = 0;
    for (const place of places) {
      const now = fresh.querySelector(`[data-live-region="${CSS.escape(place.dataset.liveRegion)}"]`);
      if (!now) {
        continue;
      }
      found += 1;
      const before = { changed: false, postponed: false, notes: 0 };
      morph(place, now, before);
      waits ||= before.postponed;
      changed ||= before.changed && place.dataset.liveRegion === "content";
      notes += before.notes;
    }
    if (places.length && !found) {
      show(OTHER);
    }
    speak();
    document.dispatchEvent(new CustomEvent("page-brought-up-to-date"));
  }

  // Politely: what has come together is said once, and never while the last sentence is hardly over.
  function speak() {
    if (!changed || speaking) {
      return;
    }
    said.textContent = notes ? `${notes === 1 ? "1 new note" : `${notes} new notes`} on this page.` : "This page has been brought up to date.";
    changed = false;
    notes = 0;
    speaking = setTimeout(() => {
      speaking = 0;
      said.textContent = "";
      speak();
    }, SAID_AGAIN);
  }

  function close() {
    if ("liveReload" in here.dataset) {
      // A tablet that is passed round keeps nothing of whoever had it.
      location.reload();
      return;
    }
    show(CLOSED);
    document.querySelectorAll("[data-live-region]").forEach((place) => place.replaceChildren());
    document.dispatchEvent(new CustomEvent("meeting-closed-to-you"));
  }

  function show(words) {
    state.textContent = words;
    state.hidden = !words;
  }
}

function morph(old, now, told) {
  if (old.matches(KEPT) || same(old, now)) {
    return;
  }
  if (old.tagName !== now.tagName || ((isLeaf(old) || isLeaf(now)) && !sameInside(old, now))) {
    if (busy(old)) {
      told.postponed = true;
    } else {
      swap(old, now);
      told.changed = true;
    }
    return;
  }
  if (old.matches("form")) {
    if (old.querySelector(TYPED)) {
      return;
    }
    if (touched(old)) {
      told.postponed = true;
      return;
    }
  }
  if (attributes(old, now)) {
    told.changed = true;
  }
  if (!isLeaf(now)) {
    children(old, now, told);
  }
}

function children(old, now, told) {
  const standing = keyed(old);
  let place = old.firstElementChild;
  for (const [key, fresh] of keyed(now)) {
    const kept = standing.get(key);
    standing.delete(key);
    if (!kept) {
      const entry = document.adoptNode(fresh);
      old.insertBefore(entry, place);
      begin(entry);
      told.changed = true;
      told.notes += entry.matches(".cp-note") ? 1 : 0;
      continue;
    }
    if (kept === place) {
      place = place.nextElementSibling;
    } else if (!kept.contains(document.activeElement)) {
      old.insertBefore(kept, place);
    }
    morph(kept, fresh, told);
  }
  for (const gone of standing.values()) {
    if (gone.matches(KEPT)) {
      continue;
    }
    if (busy(gone)) {
      told.postponed = true;
    } else {
      gone.remove();
      told.changed = true;
    }
  }
}

function keyed(parent) {
  const found = new Map();
  const counts = {};
  for (const child of parent.children) {
    const kind = child.id || child.getAttribute("name") || child.tagName;
    counts[kind] = (counts[kind] ?? 0) + 1;
    found.set(`${kind}:${counts[kind]}`, child);
  }
  return found;
}

// What a script adds to an element once it is on the page says nothing about its content.
const byScript = (name) => /^data-.*-init$/.test(name) || ["open", "hidden", "draggable"].includes(name);

function pairs(element) {
  return [...element.attributes].filter(({ name }) => !byScript(name)).map(({ name, value }) => `${name}=${value}`).sort();
}

function same(one, other) {
  return one.tagName === other.tagName && pairs(one).join("\n") === pairs(other).join("\n") && sameInside(one, other);
}

function sameInside(one, other) {
  const [nodes, others] = [content(one), content(other)];
  return (
    nodes.length === others.length &&
    nodes.every((node, place) =>
      node.nodeType === Node.TEXT_NODE
        ? others[place].nodeType === Node.TEXT_NODE && squeezed(node) === squeezed(others[place])
        : others[place].nodeType === Node.ELEMENT_NODE && same(node, others[place]),
    )
  );
}

const squeezed = (node) => node.textContent.replace(/\s+/g, " ").trim();

function content(element) {
  return [...element.childNodes].filter(
    (node) => node.nodeType === Node.ELEMENT_NODE || (node.nodeType === Node.TEXT_NODE && squeezed(node)),
  );
}

function isLeaf(element) {
  return !element.firstElementChild || content(element).some((node) => node.nodeType === Node.TEXT_NODE);
}

function attributes(old, now) {
  let changed = false;
  for (const { name, value } of now.attributes) {
    if (!byScript(name) && old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
      changed = true;
    }
  }
  for (const { name } of [...old.attributes]) {
    if (!byScript(name) && !now.hasAttribute(name)) {
      old.removeAttribute(name);
      changed = true;
    }
  }
  return changed && old.type !== "hidden";
}

function busy(element) {
  return element.contains(document.activeElement) || touched(element);
}

function touched(element) {
  const fields = element.matches("input, select, textarea") ? [element] : element.querySelectorAll("input, select, textarea");
  return [...fields].some((field) =>
    field.type === "hidden"
      ? false
      : field.matches("select")
        ? [...field.options].some((option, place) => option.selected !== (option.defaultSelected || (place === 0 && noDefault(field))))
        : ["checkbox", "radio"].includes(field.type)
          ? field.checked !== field.defaultChecked
          : field.value !== field.defaultValue,
  );
}

function noDefault(field) {
  return ![...field.options].some((option) => option.defaultSelected);
}

function swap(old, now) {
  const fresh = document.adoptNode(now);
  fresh.querySelectorAll("details[id]").forEach((part) => {
    part.open = old.querySelector(`#${CSS.escape(part.id)}`)?.open ?? part.open;
  });
  old.replaceWith(fresh);
  begin(fresh);
}

function begin(element) {
  if (element.querySelector("[data-module]") || element.matches("[data-module]")) {
    initAll({ scope: element.parentElement ?? element });
  }
}
