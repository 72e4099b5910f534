// Warns five minutes before the session ends, and tells the server about activity on a page that stays open:
// writing a long text is not idleness. Asking how long is left does not extend the session.
const dialog = document.querySelector("[data-session]");
const WARN = 5 * 60;
const AT_WORK = 5 * 60 * 1000;
const KEEP = 4 * 60 * 1000;

if (dialog?.showModal) {
  watch();
}

function watch() {
  const { stateUrl, stayUrl, keepUrl, signInUrl } = dialog.dataset;
  const part = (name) => dialog.querySelector(`[data-session-${name}]`);
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const title = part("title").textContent;
  const why = part("why").textContent;
  let endsAt = Date.now() + Number(dialog.dataset.left) * 1000;
  let last = false;
  let told = Date.now();
  let over = false;
  let timer = 0;

  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (!over) {
      stay();
    }
  });
  part("stay").addEventListener("click", () => (last ? dialog.close() : stay()));
  for (const kind of ["keydown", "pointerdown"]) {
    document.addEventListener(kind, () => {
      if (!dialog.open && Date.now() - told > AT_WORK) {
        stay();
      }
    });
  }
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && tick());
  if (keepUrl) {
    setInterval(() => !over && ask(keepUrl, { path: location.pathname + location.search }), KEEP);
  }
  plan();

  const left = () => Math.max(0, Math.round((endsAt - Date.now()) / 1000));

  function plan() {
    clearTimeout(timer);
    const seconds = Math.max(0, Math.round((endsAt - Date.now()) / 1000));
    const next = seconds > WARN ? seconds - WARN : seconds > 60 ? ((seconds - 1) % 60) + 1 : seconds;
    timer = setTimeout(tick, Math.min(next, 600) * 1000 + 200);
  }

  async function tick() {
    if (over) {
      return;
    }
    if (left() > WARN) {
      plan();
      return;
    }
    // Another window may have been active since.
    if (!dialog.open || left() === 0) {
      await ask(stateUrl);
    }
    show();
  }

  function stay() {
    told = Date.now();
    return ask(stayUrl, {}).then(show);
  }

  async function ask(url, fields) {
    try {
      const answer = await fetch(url, {
        credentials: "same-origin",
        headers: { Accept: "application/json", ...(fields ? { "X-CSRFToken": token() } : {}) },
        ...(fields ? { method: "POST", body: new URLSearchParams(fields) } : {}),
      });
      if (answer.ok) {
        const state = await answer.json();
        endsAt = Date.now() + state.left * 1000;
        last = state.last;
      }
    } catch {
      // No network: keep the last known state.
    }
  }

  function show() {
    const seconds = left();
    if (seconds > WARN) {
      dialog.close();
    } else if (seconds > 0) {
      const minutes = Math.ceil(seconds / 60);
      part("title").textContent = title;
      part("why").textContent = last ? "You signed in twelve hours ago. Save what you are writing now." : why;
      part("left").textContent = `You will be signed out in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`;
      part("stay").textContent = last ? "Go on" : "Stay signed in";
      if (!dialog.open) {
        dialog.showModal();
      }
    } else {
      end();
      return;
    }
    plan();
  }

  function end() {
    over = true;
    clearTimeout(timer);
    dialog.classList.add("cp-session--over");
    part("title").textContent = "You are signed out";
    part("why").textContent = "This page is covered, so that no one reads it while you are away. What you typed into a long form is saved.";
    part("left").textContent = "";
    part("stay").hidden = true;
    const again = part("again");
    again.href = `${signInUrl}?next=${encodeURIComponent(location.pathname + location.search)}`;
    again.hidden = false;
    if (!dialog.open) {
      dialog.showModal();
    }
    again.focus();
  }
}
