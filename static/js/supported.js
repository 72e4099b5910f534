// Runs before the page is drawn, so that nothing jumps when the components wake up.
if ("noModule" in HTMLScriptElement.prototype) {
  document.addEventListener("readystatechange", () => {
    document.body?.classList.add("js-enabled", "govuk-frontend-supported");
  }, { once: true });
}
