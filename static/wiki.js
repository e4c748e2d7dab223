// Writing: keeps unsaved text in this tab, leads to a line, guards against a double save.
"use strict";
{
  const find = (selector) => document.querySelector(selector);
  const form = find("#editor");
  const draft = find("#draft");
  const kept = find("#kept");
  const preview = find("#preview");
  const key = `draft ${location.pathname}`;
  const biggest = 1_000_000;
  const begun = draft.value;
  const failed = "changed" in form.dataset;
  let sending = false;

  const isChanged = () => draft.isConnected && (failed || draft.value !== begun);

  const keep = (sent) => {
    try {
      if (draft.value.length < biggest) sessionStorage.setItem(key, JSON.stringify({ text: draft.value, sent }));
    } catch {
      // Nothing is kept; the page itself still holds the text.
    }
  };

  const forget = () => {
    sessionStorage.removeItem(key);
    kept.hidden = true;
  };

  // A text that was sent is saved, unless the answer was to sign in again.
  const recall = () => {
    const stored = JSON.parse(sessionStorage.getItem(key) ?? "null");
    const signedOut = document.referrer && new URL(document.referrer).pathname === "/sign-in/";
    if (!stored || stored.text === draft.value || (stored.sent && !signedOut)) return forget();
    kept.hidden = false;
    find("[data-forget]").addEventListener("click", forget);
    find("[data-put-back]").addEventListener("click", () => {
      draft.value = stored.text;
      draft.dispatchEvent(new Event("input", { bubbles: true }));
      kept.hidden = true;
      draft.focus();
    });
  };

  const goTo = (line) => {
    const lines = draft.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    draft.focus();
    draft.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
    draft.scrollTop = (line - 4) * parseFloat(getComputedStyle(draft).lineHeight);
  };

  let waiting = 0;
  draft.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => keep(false), 300);
  });
  document.addEventListener("click", (event) => {
    const line = event.target.closest?.("[data-line]")?.dataset.line;
    if (!line) return;
    event.preventDefault();
    goTo(Number(line));
  });
  document.addEventListener("keydown", (event) => {
    const wanted = event.key === "Enter" ? event.target === draft : event.key.toLowerCase() === "s";
    if (!wanted || event.shiftKey || event.altKey || !(event.ctrlKey || event.metaKey) || !draft.isConnected) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    if (sending) return event.preventDefault();
    sending = true;
    clearTimeout(waiting);
    keep(true);
  });
  addEventListener("pageshow", () => { sending = false; });
  addEventListener("beforeunload", (event) => { if (isChanged() && !sending) event.preventDefault(); });

  const fallBehind = (event) => {
    if (event.detail.target !== preview) return;
    const fresh = event.detail.xhr?.status === 200 && event.detail.xhr.responseText.startsWith('<div class="seen">');
    if (fresh) return;
    event.detail.shouldSwap = false;
    if (find("#behind")) return;
    const note = document.createElement("p");
    note.id = "behind";
    note.className = "note warning";
    note.textContent = "This preview is behind: the server did not answer, or you were signed out. Your text is kept in this tab.";
    preview.prepend(note);
  };
  document.addEventListener("htmx:beforeSwap", fallBehind);
  document.addEventListener("htmx:sendError", fallBehind);

  try {
    if (kept && !failed) recall();
  } catch {
    // A browser that keeps nothing has nothing to put back.
  }
}
