// Keeps the screen in the room up to date: what has been written since is there without anybody touching it.
const EVERY = 20000;

setInterval(async () => {
  if (document.hidden) {
    return;
  }
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) {
      return;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const selector of ["#main", ".cp-shared__bar"]) {
      const [now, then] = [fresh.querySelector(selector), document.querySelector(selector)];
      if (now && then && now.innerHTML !== then.innerHTML) {
        then.innerHTML = now.innerHTML;
      }
    }
  } catch {
    // The network is away; what stands there stays.
  }
}, EVERY);
