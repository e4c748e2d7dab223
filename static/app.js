// Comfort on top of pages that work without it: every action here is also a link or a form.
"use strict";
{
  const find = (selector, root = document) => root.querySelector(selector);
  const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];
  const box = find("#box");
  const text = find("#text");
  const fold = find("details", box);
  const main = find("#main");
  const biggest = 8 * 1024 * 1024;
  const biggestKept = 1024 * 1024;

  const inField = (node) => node.closest?.("input, textarea, select, [contenteditable]");
  const say = (words) => { find("#status").textContent = words; };

  // The box: focus, growth, sending, and what was pasted after a reload.

  const focusBox = () => {
    fold.open = true;
    text.focus();
    text.select();
  };

  const grow = () => {
    if (CSS.supports("field-sizing", "content")) return;
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight}px`;
  };

  const keep = (value) => {
    try {
      if (value.includes("\n") && value.length < biggestKept) sessionStorage.setItem("paste", value);
      else sessionStorage.removeItem("paste");
    } catch {
      // Nothing is kept; the box itself still holds the text.
    }
  };

  const send = (value) => {
    fold.open = true;
    text.value = value;
    grow();
    box.requestSubmit();
  };

  const complain = (words) => {
    let note = find("#trouble");
    if (!note) {
      note = document.createElement("p");
      note.id = "trouble";
      note.className = "note error";
      main.prepend(note);
    }
    note.textContent = words;
    say(words);
  };

  const sendFile = (files) => {
    if (files.length === 0) return;
    if (files[0].size > biggest) {
      complain("That file is over 8 MB. Cut out the part around the error and paste that.");
      return;
    }
    const log = find("[name=log]") ?? box.appendChild(Object.assign(document.createElement("input"), { type: "file", name: "log", hidden: true }));
    log.files = files;
    box.submit();
  };

  text.addEventListener("input", grow);
  text.addEventListener("keydown", (event) => {
    const oneLine = !text.value.includes("\n");
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && (oneLine || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      box.requestSubmit();
    }
  });
  main.addEventListener("change", (event) => { if (event.target.name === "log") sendFile(event.target.files); });
  fold.addEventListener("toggle", () => { if (fold.open && find(".what", fold)) text.focus(); });

  document.addEventListener("paste", (event) => {
    if (inField(event.target)) return;
    const data = event.clipboardData;
    const value = data.getData("text/plain");
    if (data.files.length) sendFile(data.files);
    else if (value.trim()) send(value);
    else return;
    event.preventDefault();
  });

  const carriesFile = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    document.body.classList.remove("dropping");
    if (!carriesFile(event)) return;
    event.preventDefault();
    sendFile(event.dataTransfer.files);
  });

  // Copying: without prompts, and only the commands where output stands between them.

  const commands = (code) => {
    const lines = code.replace(/\n$/, "").split("\n");
    if (!lines.some((line) => line.startsWith("$ "))) return lines.join("\n");
    const isCommand = (line, i) => line.startsWith("$ ") || (i > 0 && lines[i - 1].endsWith("\\"));
    return lines.filter(isCommand).map((line) => line.replace(/^\$ /, "")).join("\n");
  };

  const write = async (value) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(value);
    const area = document.createElement("textarea");
    area.value = value;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  };

  const copy = async (block, button) => {
    await write(commands(find("code", block)?.textContent ?? block.textContent));
    say("copied");
    if (!button) return;
    button.textContent = "copied";
    setTimeout(() => { button.textContent = "copy"; }, 1500);
  };

  const overflows = (node) => node.scrollWidth > node.clientWidth || node.scrollHeight > node.clientHeight;

  const dress = (root) => {
    // What scrolls must be reachable by keyboard.
    for (const node of findAll(".prose pre, .prose table", root)) if (overflows(node)) node.tabIndex = 0;
    for (const block of findAll(".prose pre:not(:has(~ .copy))", root)) {
      const frame = block.closest(".code") ?? document.createElement("div");
      frame.className = "code";
      if (!frame.contains(block)) block.replaceWith(frame);
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = "copy";
      button.addEventListener("click", () => copy(block, button));
      frame.append(block, button);
    }
  };

  const copyFix = () => {
    const fix = find("[data-fix]");
    if (fix) copy(find("pre", fix) ?? fix, find(".copy", fix));
  };

  // Reasons and paste lines point at each other.

  const mark = (event) => {
    const node = event.target.closest?.("[data-reasons]");
    const names = node ? node.dataset.reasons.split(" ") : [];
    for (const other of findAll("[data-reasons]")) {
      other.classList.toggle("lit", other.dataset.reasons.split(" ").some((name) => names.includes(name)));
    }
  };
  main.addEventListener("mouseover", mark);
  main.addEventListener("focusin", mark);

  // Keys.

  const step = (event) => {
    const hits = findAll("[data-hit]", main);
    const at = hits.indexOf(document.activeElement);
    const fromBox = event.target === text && !text.value.includes("\n");
    if (!hits.length || (inField(event.target) && !fromBox)) return;
    if (at < 0 && !fromBox && event.target !== document.body && event.target !== main) return;
    event.preventDefault();
    const next = event.key === "ArrowDown" ? at + 1 : at - 1;
    if (next < 0) focusBox();
    else hits[Math.min(next, hits.length - 1)].focus();
  };

  document.addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") return plain && step(event);
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return focusBox();
    }
    if (!plain || inField(event.target)) return;
    if (event.key === "/") {
      event.preventDefault();
      focusBox();
    } else if (event.key === "c" && !String(getSelection())) copyFix();
  });

  // The theme, and closing the menu.

  document.addEventListener("click", (event) => {
    for (const menu of findAll(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    if (!event.target.closest("[data-theme-switch]")) return;
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // The choice holds for this page.
    }
  });

  // Partial pages.

  const settle = () => {
    dress(main);
    const answered = Boolean(find("#understood .what"));
    if (!answered) {
      fold.open = true;
      return;
    }
    fold.open = false;
    if (document.activeElement === document.body || box.contains(document.activeElement)) main.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  };

  document.addEventListener("htmx:configRequest", (event) => {
    if (box.contains(event.detail.elt)) keep(text.value);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!box.contains(event.detail.elt) || !find("#editor")) return;
    // A text being written is not swapped away; leaving it is asked for first.
    event.preventDefault();
    if (event.detail.elt === box) box.submit();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    if (target !== main || xhr.status < 400 || xhr.responseText.startsWith("<title>")) return;
    event.detail.shouldSwap = false;
    complain("The server could not answer. Your text is still in the box; try again in a moment.");
  });
  document.addEventListener("htmx:sendError", () => complain("The server did not answer. Your text is still in the box; check the connection and try again."));
  document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target === main) settle(); });
  box.addEventListener("submit", () => keep(text.value));

  dress(main);
  grow();
  const again = find("[data-paste-again]") && sessionStorage.getItem("paste");
  if (again) addEventListener("load", () => send(again));
}
