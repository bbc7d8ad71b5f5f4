/* Asks for notifications, and only after a click: on every button with data-regulars-push. Plain script, no cookies. */
(() => {
  "use strict";
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

  async function worker(button) {
    const kept = await navigator.serviceWorker.register(button.dataset.worker);
    const coming = kept.installing || kept.waiting;
    if (!kept.active && coming) {
      await new Promise((done, failed) => {
        coming.addEventListener("statechange", () => {
          if (coming.state === "activated") done();
          if (coming.state === "redundant") failed(new Error("the worker did not start"));
        });
      });
    }
    return kept;
  }

  async function tell(button, fields) {
    const body = new URLSearchParams({ ...fields, person: button.dataset.person || "" });
    const answer = await fetch(button.dataset.regularsPush, { method: "POST", body, credentials: "omit" });
    if (!answer.ok) throw new Error((await answer.json()).error);
  }

  async function join(button) {
    if ((await Notification.requestPermission()) !== "granted") return false;
    const { pushManager } = await worker(button);
    const key = { userVisibleOnly: true, applicationServerKey: bytes(button.dataset.key) };
    let found;
    try {
      found = await pushManager.subscribe(key);
    } catch (problem) {
      if (problem.name !== "InvalidStateError") throw problem;
      await (await pushManager.getSubscription()).unsubscribe(); // made with a key that the shop has changed since
      found = await pushManager.subscribe(key);
    }
    await tell(button, { subscription: JSON.stringify(found) });
    return true;
  }

  async function leave(button, found) {
    await tell(button, { do: "leave", endpoint: found.endpoint });
    await found.unsubscribe();
    return false;
  }

  const known = async (button) => {
    const kept = await navigator.serviceWorker.getRegistration(button.dataset.worker);
    return kept ? kept.pushManager.getSubscription() : null;
  };

  function draw(button, isOn) {
    button.textContent = isOn ? button.dataset.stop : button.dataset.start;
    button.setAttribute("aria-pressed", String(isOn));
  }

  async function begin(button) {
    button.dataset.start = button.textContent;
    const said = document.createElement("p");
    said.setAttribute("role", "status");
    button.after(said);
    draw(button, Boolean(await known(button)));
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      said.textContent = "";
      try {
        const found = await known(button);
        draw(button, found ? await leave(button, found) : await join(button));
      } catch (problem) {
        said.textContent = problem.message;
      }
      button.disabled = false;
    });
  }

  if (able) for (const button of document.querySelectorAll("button[data-regulars-push]")) begin(button);
})();
