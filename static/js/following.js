// Follows a meeting: says when its key is another one. By a stream of server-sent events or, where there is none, by
// asking every ten seconds against the last key. Neither carries content.
const EVERY = 10000;
const STREAM_AGAIN = 60000;
const TRIES = 3;

export function follow({ stream, port, changed, key, onChange, onClosed, onLine }) {
  let known = key;
  let source = null;
  let failed = 0;
  let timer = 0;
  let over = false;
  let heard = true;

  open();
  addEventListener("online", ask);
  document.addEventListener("visibilitychange", () => !document.hidden && !source && ask());
  // A page that is kept for Back holds no line open.
  addEventListener("pagehide", () => stop());
  addEventListener("pageshow", (event) => event.persisted && !over && open());
  return { ask, seen: (now) => (known = now) };

  function open() {
    if (!window.EventSource || !stream || over) {
      plan();
      return;
    }
    const host = Number(port) ? `${location.protocol}//${location.hostname}:${port}` : "";
    source = new EventSource(`${host}${stream}`, { withCredentials: true });
    source.addEventListener("changed", (event) => {
      failed = 0;
      clearTimeout(timer);
      line(true);
      tell(event.data);
    });
    source.addEventListener("closed", () => {
      stop();
      ask();
    });
    source.addEventListener("error", () => {
      failed += 1;
      if (source && (source.readyState === EventSource.CLOSED || failed >= TRIES)) {
        stop();
        plan();
        setTimeout(() => !source && !over && open(), STREAM_AGAIN * (1 + Math.random() / 2));
      }
    });
  }

  function stop() {
    source?.close();
    source = null;
  }

  function plan() {
    clearTimeout(timer);
    if (!over) {
      timer = setTimeout(() => (document.hidden ? plan() : ask()), EVERY * (0.9 + Math.random() / 5));
    }
  }

  async function ask() {
    if (over) {
      return;
    }
    clearTimeout(timer);
    try {
      const answer = await fetch(changed, {
        credentials: "same-origin",
        cache: "no-store",
        redirect: "manual",
        headers: { Accept: "application/json", "If-None-Match": `"${known}"` },
      });
      line(answer.status < 500);
      if (answer.status === 200) {
        tell((await answer.json()).key);
      } else if (answer.status === 204) {
        over = true;
        stop();
        onChange();
      } else if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) {
        over = true;
        stop();
        onClosed();
      }
    } catch {
      line(false);
    }
    if (!source) {
      plan();
    }
  }

  function tell(now) {
    if (now !== known) {
      known = now;
      onChange();
    }
  }

  function line(is) {
    if (is !== heard) {
      heard = is;
      onLine?.(is);
    }
  }
}
