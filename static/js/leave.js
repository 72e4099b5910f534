// "Leave this page quickly": covers the page, ends the stay on the server with what was typed, and goes to another
// site in place of this page, so that Back does not come here. Other tabs with a page of ours leave with it. Without
// this script the button is an ordinary form.
const form = document.querySelector("form[data-leave-quickly]");
// Browsers refuse to send more than about 64,000 bytes from a page that closes. Of a longer text the beginning is
// kept, and if need be none: the stay ends in any case.
const LENGTHS = [Infinity, 10000, 1000, 0];

if (form) {
  const tabs = new BroadcastChannel("leave-quickly");
  tabs.addEventListener("message", leave);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    document.documentElement.hidden = true;
    LENGTHS.some((longest) => navigator.sendBeacon(form.action, typedUpTo(longest)));
    tabs.postMessage("");
    leave();
  });

  // A page that the browser kept whole for Back is asked for again, and the server says that it is closed.
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      document.documentElement.hidden = true;
      location.reload();
    }
  });
}

function typedUpTo(longest) {
  const told = new FormData(form);
  for (const typed of longest ? document.querySelectorAll("main form[method=post]") : []) {
    for (const [name, value] of new FormData(typed)) {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken") {
        told.append(name, value.slice(0, longest));
      }
    }
  }
  return told;
}

function leave() {
  document.documentElement.hidden = true;
  document.title = form.dataset.title;
  for (const typed of document.forms) {
    for (const field of typed.elements) {
      if (field.type !== "hidden") {
        field.value = "";
        field.checked = false;
      }
    }
  }
  location.replace(form.dataset.leaveQuickly);
}
