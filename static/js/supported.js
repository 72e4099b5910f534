// Runs before the page is rendered, so that nothing moves when the components start.
if ("noModule" in HTMLScriptElement.prototype) {
  document.addEventListener("readystatechange", () => {
    document.body?.classList.add("js-enabled", "govuk-frontend-supported");
  }, { once: true });
}
