// Keeps the room's screen up to date without anyone touching it.
const EVERY = 20000;

setInterval(() => {
  if (document.hidden) {
    return;
  }
  // The browser parses the response itself, so that no script here turns text into HTML.
  const asked = new XMLHttpRequest();
  asked.responseType = "document";
  asked.addEventListener("load", () => {
    const here = asked.responseURL === location.href.split("#")[0];
    if (here && asked.status === 200 && asked.response?.querySelector(".cp-shared__columns")) {
      show(asked.response);
    } else if (here) {
      // The screen was turned off, or the meeting is paused: nothing may stay on the wall.
      location.reload();
    }
  });
  asked.open("GET", location.href);
  asked.send();
}, EVERY);

function show(fresh) {
  for (const selector of ["#main", ".cp-shared__bar"]) {
    const [now, then] = [fresh?.querySelector(selector), document.querySelector(selector)];
    if (now && then && !now.isEqualNode(then)) {
      then.replaceWith(document.adoptNode(now));
    }
  }
}
