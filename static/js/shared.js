// Keeps the room's screen up to date without anyone touching it.
import { follow } from "./following.js";

// For the clock: what is shown follows at once.
const EVERY = 30000;
const here = document.querySelector("[data-live]");

const line = here
  ? follow({
      stream: here.dataset.live,
      changed: here.dataset.liveChanged,
      key: here.dataset.liveKey,
      port: here.dataset.livePort,
      onChange: ask,
      // The screen was turned off, or the meeting is paused: nothing may stay on the wall.
      onClosed: () => location.reload(),
    })
  : null;

setInterval(() => document.hidden || ask(), EVERY);

function ask() {
  // The browser parses the response itself, so that no script here turns text into HTML.
  const asked = new XMLHttpRequest();
  asked.responseType = "document";
  asked.addEventListener("load", () => {
    const here = asked.responseURL === location.href.split("#")[0];
    if (here && asked.status === 200 && asked.response?.querySelector(".cp-shared__columns")) {
      line?.seen(asked.response.querySelector("[data-live]")?.dataset.liveKey);
      show(asked.response);
    } else if (here) {
      location.reload();
    }
  });
  asked.open("GET", location.href);
  asked.send();
}

function show(fresh) {
  for (const selector of ["#main", ".cp-shared__bar"]) {
    const [now, then] = [fresh?.querySelector(selector), document.querySelector(selector)];
    if (now && then && !now.isEqualNode(then)) {
      then.replaceWith(document.adoptNode(now));
    }
  }
}
