// The app's manners: keyboard, menu, theme, file drop with progress, and forms that ask before they destroy.
(() => {
  const first = (selector, within = document) => within.querySelector(selector);
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !typing(event.target) && !event.ctrlKey && !event.metaKey) {
      const box = first("#search");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    }
    if (event.key === "Escape") {
      closeMenu();
      document.querySelectorAll("details.person[open]").forEach((one) => { one.open = false; first("summary", one).focus(); });
      const found = first("#found");
      if (found && found.firstElementChild) { found.replaceChildren(); first("#search").focus(); }
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event);
  });

  function walk(event) {
    const links = [...document.querySelectorAll("#found a")];
    if (!links.length || !event.target.closest(".search")) return;
    event.preventDefault();
    const place = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    if (place < 0) first("#search").focus(); else links[Math.min(place, links.length - 1)].focus();
  }

  function closeMenu() {
    const side = first("#side");
    if (side && side.classList.contains("open")) { side.classList.remove("open"); const b = first(".menu-button"); b.setAttribute("aria-expanded", "false"); b.focus(); }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button && button.dataset.do === "menu") {
      const open = first("#side").classList.toggle("open");
      button.setAttribute("aria-expanded", String(open));
      if (open) first("#side a").focus();
      event.stopPropagation();
      return;
    }
    if (button && button.dataset.do === "theme") window.turnTheme();
    if (button && button.dataset.do === "print") window.print();
    if (button && button.dataset.do === "line") goToLine(button);
    if (button && button.dataset.do === "copy") copy(first(button.dataset.copy));
    const side = first("#side");
    if (side && side.classList.contains("open") && !event.target.closest("#side")) closeMenu();
    document.querySelectorAll("details.person[open]").forEach((one) => { if (!one.contains(event.target)) one.open = false; });
    const found = first("#found");
    if (found && !event.target.closest(".search")) found.replaceChildren();
  });

  // The clipboard is offered over https and on this machine only; elsewhere the text is at least chosen.
  function copy(field) {
    field.select();
    if (navigator.clipboard) navigator.clipboard.writeText(field.value).catch(() => {});
  }

  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.ask;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-live]");
    if (form) form.requestSubmit();
  });

  // Dropping a file: sent as it is, piece by piece, with its progress; without scripts the form sends it itself.
  function equip(drop) {
    if (drop.dataset.ready) return;
    drop.dataset.ready = "yes";
    const input = first('input[type="file"]', drop);
    drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      if (event.dataTransfer.files.length) send(drop, event.dataTransfer.files[0]);
    });
    input.addEventListener("change", () => { if (input.files.length) send(drop, input.files[0]); });
  }

  function send(drop, file) {
    const form = drop.closest("form");
    const say = first("[data-says]", form);
    const bar = first("progress", form);
    const request = new XMLHttpRequest();
    const address = new URL(form.action, location.href);
    address.searchParams.set("name", file.name);
    new FormData(form).forEach((value, name) => { if (typeof value === "string" && name !== "csrfmiddlewaretoken") address.searchParams.set(name, value); });
    request.open("POST", address);
    request.setRequestHeader("X-CSRFToken", first("[name=csrfmiddlewaretoken]", form).value);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Accept", "application/json");
    bar.hidden = false;
    request.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
    request.onload = () => {
      let told = {};
      try { told = JSON.parse(request.responseText); } catch { /* an answer that is no JSON is a fault of the server */ }
      if (request.status < 300 && told.next) { location.assign(told.next); return; }
      bar.hidden = true;
      say.textContent = told.message || say.dataset.failed;
    };
    request.onerror = () => { bar.hidden = true; say.textContent = say.dataset.failed; };
    say.textContent = `${say.dataset.sending} ${file.name}`;
    request.send(file);
  }

  // A message is shown as its words are typed: the form goes to a frame that is made anew each time, so that Back leads to the
  // page before and not to an earlier look.
  function show(form) {
    const button = first("[data-shows]", form);
    const old = first(`iframe[name="${button.formTarget}"]`, form);
    old.replaceWith(old.cloneNode());
    form.requestSubmit(button);
  }

  function preview(form) {
    let waiting = 0;
    form.addEventListener("input", (event) => {
      if (event.target.name === "width" || event.target.name === "to" || event.target.name === "new_locale") return;
      clearTimeout(waiting);
      waiting = setTimeout(() => show(form), 700);
    });
    show(form);
  }

  // From a finding to its line: the field is opened, the line is chosen.
  function goToLine(button) {
    const field = document.getElementById(button.dataset.field);
    if (!field) return;
    const holder = field.closest("details");
    if (holder) holder.open = true;
    const lines = field.value.split("\n"), line = Math.max(Number(button.dataset.line), 1) - 1;
    const start = lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0);
    field.focus();
    field.setSelectionRange(start, start + (lines[line] || "").length);
    if (field.tagName === "TEXTAREA") field.scrollTop = (line - 3) * (field.scrollHeight / lines.length);
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-preview]").forEach(preview));

  const equipAll = (root) => root.querySelectorAll(".drop").forEach(equip);
  document.addEventListener("DOMContentLoaded", () => equipAll(document));
  document.addEventListener("htmx:load", (event) => equipAll(event.target));
})();
