// Saves input as it is typed: sends the form's fields a moment after the last key, tries again
// if the network or the session is gone, and shows what has been saved and when.
const PAUSE = 2500;
const RETRY = 8000;

for (const form of document.querySelectorAll("form[data-autosave-url]")) {
  keep(form);
}

for (const area of document.querySelectorAll("textarea.govuk-textarea")) {
  grow(area);
}

function keep(form) {
  const line = form.querySelector("[data-autosave-line]");
  const { autosaveUrl: url, autosavePath: path } = form.dataset;
  let timer = 0;
  let unsaved = false;
  let sending = false;

  form.addEventListener("input", () => {
    unsaved = true;
    plan(PAUSE);
  });
  // Told by sending.js once there is an answer: until then what was typed is not saved.
  form.addEventListener("sent", () => {
    unsaved = false;
    clearTimeout(timer);
  });
  window.addEventListener("online", () => unsaved && plan(0));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && unsaved) {
      send();
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) {
      event.preventDefault();
    }
  });

  function plan(wait) {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  }

  async function send() {
    clearTimeout(timer);
    if (sending) {
      plan(PAUSE);
      return;
    }
    sending = true;
    unsaved = false;
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken") {
        body.append(name, value);
      }
    }
    body.set("path", path);
    try {
      const answer = await fetch(url, {
        method: "POST",
        body,
        credentials: "same-origin",
        keepalive: body.toString().length < 60000,
        headers: { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "", Accept: "application/json" },
      });
      if (answer.status === 403) {
        say("waiting", "You are signed out. Press the button and your words will be saved while you sign in again");
        unsaved = false;
        return;
      }
      if (answer.status === 409 || answer.status === 413) {
        say("waiting", "Too long to save as you type. Press the button to save it");
        return;
      }
      if (!answer.ok || answer.redirected) {
        throw new Error(String(answer.status));
      }
      const { saved_at: time } = await answer.json();
      say("saved", `Saved ${time}`);
    } catch {
      unsaved = true;
      say("waiting", "Not saved yet, still trying");
      plan(RETRY);
    } finally {
      sending = false;
    }
  }

  function say(state, words) {
    if (line && line.textContent !== words) {
      line.dataset.state = state;
      line.textContent = words;
    }
  }
}

function grow(area) {
  if (CSS.supports("field-sizing", "content")) {
    return;
  }
  const least = area.offsetHeight;
  const fit = () => {
    area.style.height = "auto";
    area.style.height = `${Math.max(least, area.scrollHeight + 4)}px`;
  };
  area.addEventListener("input", fit);
  if (area.value) {
    fit();
  }
}
