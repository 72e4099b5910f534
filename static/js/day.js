// The clock of the meeting, and Ctrl+Enter to submit the current form.
const clock = document.querySelector("[data-clock]");

if (clock) {
  const say = () => {
    clock.querySelector("time").textContent = new Date().toLocaleTimeString("en-GB", {
      hour: "numeric",
      minute: "2-digit",
      timeZone: "Europe/London",
    });
  };
  say();
  clock.hidden = false;
  setInterval(say, 5000);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});
