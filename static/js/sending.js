// Sends a page's forms by fetch, so that a page whose form could not be saved stays as it is, with every word in it.
// Nothing is kept here. An answer that leads on is followed; any other answer is a page, which only the
// browser can show: the form is then sent the ordinary way, because a refused form has changed nothing. A form whose
// answer is a page even when it is accepted says so itself, and is never sent by this script.
const LONG = 15000;
const OUT = "This is not saved. We can’t reach the service just now.";
const FAULT = "This is not saved. Something went wrong on our side.";
const FULL = "This is not saved. The service has no room left: tell your administrator now.";
const CLOSED = "This is not saved. The page is out of date, or you may not do this any more.";
const SIGNED_OUT = "This is not saved. You are signed out.";
const TOO_MUCH = "This is not saved. It is too much to send at once.";
const COPY = "What you typed is still here. Copy what you need, then open the page again.";
const KEPT = "What you typed is still here. Keep this page open, wait a little, then press the button again.";
const TWICE = "Pressing it twice does no harm.";
const SLOW = "Still trying to save. What you typed is still here. Keep this page open.";
// A proxy says for a server that is away.
const AWAY = [502, 503, 504];
const FAULTS = { 500: FAULT, 507: FULL };
const REFUSALS = { 403: CLOSED, 404: CLOSED, 413: TOO_MUCH };

// What is tried too often is closed: a wrong one counts once, not again when the page with the error is drawn.
const COUNTED = "[type=password], [autocomplete=one-time-code]";

const busy = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (event.defaultPrevented) {
    return;
  }
  const elsewhere = form.method !== "post" || form.target || button?.formTarget || !form.closest("main");
  if (elsewhere || form.matches("[data-answers-with-a-page]") || form.querySelector(COUNTED)) {
    form.dispatchEvent(new Event("sent"));
    return;
  }
  event.preventDefault();
  if (!busy.has(form)) {
    send(form, button);
  }
});

async function send(form, button) {
  busy.add(form);
  say(form, "");
  const slow = setTimeout(() => say(form, SLOW), LONG);
  const fields = new FormData(form);
  if (button?.name) {
    fields.append(button.name, button.value);
  }
  let answer;
  try {
    answer = await fetch(button?.getAttribute("formaction") || form.getAttribute("action") || location.href, {
      method: "POST",
      body: fields,
      credentials: "same-origin",
      headers: { "X-Sent-By": "script" },
      // Where it may wait in this browser, nobody has to wait for a server that does not answer.
      ...(mayWait(form) ? { signal: AbortSignal.timeout(LONG) } : {}),
    });
    if (answer.headers.get("Content-Type")?.startsWith("application/json")) {
      const { to, signed_out: signedOut } = await answer.json();
      if (signedOut && !form.dataset.autosaveUrl) {
        say(form, SIGNED_OUT, COPY);
      } else {
        sent(form);
        go(to);
      }
    } else if (AWAY.includes(answer.status) && keptWaiting(form, fields)) {
      say(form, "");
    } else if (answer.status >= 500) {
      say(form, FAULTS[answer.status] ?? OUT, KEPT, TWICE);
    } else if (REFUSALS[answer.status]) {
      say(form, REFUSALS[answer.status], COPY);
    } else {
      sent(form);
      sendAsEver(form, button);
    }
  } catch {
    if (!keptWaiting(form, fields)) {
      say(form, OUT, KEPT, TWICE);
    }
  } finally {
    clearTimeout(slow);
    busy.delete(form);
  }
}

function mayWait(form) {
  return document.querySelector("[data-waiting]") && (form.matches("[data-note]") || form.closest(".cp-marks"));
}

// On a device of the council js/waiting.js takes what could not be sent; everywhere else it stays in its field.
function keptWaiting(form, fields) {
  return !form.dispatchEvent(new CustomEvent("not-sent", { bubbles: true, cancelable: true, detail: fields }));
}

function sent(form) {
  say(form, "");
  form.dispatchEvent(new Event("sent"));
}

function go(to) {
  const target = new URL(to, location.href);
  const here = location.href.split("#")[0];
  if (target.hash && target.href.split("#")[0] === here) {
    // Only the part after the sign differs, for which no browser asks the server again.
    history.replaceState(null, "", target);
    location.reload();
  } else {
    location.assign(target);
  }
}

function sendAsEver(form, button) {
  const action = form.getAttribute("action");
  const chosen = Object.assign(document.createElement("input"), { type: "hidden", name: button?.name ?? "", value: button?.value ?? "" });
  form.append(chosen);
  if (button?.hasAttribute("formaction")) {
    form.action = button.formAction;
  }
  HTMLFormElement.prototype.submit.call(form);
  // Whoever comes back to this page may press another button.
  chosen.remove();
  if (action === null) {
    form.removeAttribute("action");
  } else {
    form.setAttribute("action", action);
  }
}

function say(form, ...words) {
  let box = form.querySelector(".cp-not-saved");
  if (!words[0]) {
    box?.remove();
    return;
  }
  if (!box) {
    box = Object.assign(document.createElement("div"), { className: "cp-not-saved", tabIndex: -1 });
    box.setAttribute("role", "alert");
    form.append(box);
  }
  box.replaceChildren(
    ...words.map((sentence, place) =>
      Object.assign(document.createElement("p"), { className: place ? "govuk-body" : "govuk-body govuk-!-font-weight-bold", textContent: sentence }),
    ),
  );
  box.scrollIntoView({ block: "nearest" });
}
