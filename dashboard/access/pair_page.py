"""The page on which a phone is paired: fixed bytes, which say nothing of this machine, its runners or its devices."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1b2530, #e8edf2); --soft: light-dark(#566372, #a3afbc);
  --line: light-dark(#8894a1, #66727f); --back: light-dark(#ffffff, #11161c); --press: light-dark(#1f5f99, #8ec5f5);
  --on-press: light-dark(#ffffff, #11161c); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 1.125rem/1.45 system-ui, sans-serif; }
main { max-width: 28rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; }
p { margin: 0 0 1rem; }
label { display: block; font-weight: 600; margin: 0 0 .35rem; }
input, button { font: inherit; width: 100%; min-height: 48px; border-radius: .6rem; }
input { border: 1px solid var(--line); background: var(--back); color: var(--ink); padding: .5rem .75rem;
  margin: 0 0 1.1rem; }
#code { letter-spacing: .15em; text-transform: uppercase; }
button { border: 0; background: var(--press); color: var(--on-press); font-weight: 600; padding: .5rem 1rem; }
button[disabled] { opacity: .6; }
button.second { margin: 0 0 1rem; background: none; color: var(--ink); border: 1px solid var(--line); }
div:focus { outline: none; }
:is(input, button, a):focus-visible { outline: 3px solid var(--press); outline-offset: 2px; }
a { color: inherit; }
.number { font-size: 3rem; font-weight: 700; letter-spacing: .12em; font-variant-numeric: tabular-nums;
  margin: .25rem 0; }
.soft { color: var(--soft); font-size: 1rem; }
[hidden] { display: none; }
"""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Heelwise</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer"><style>{style}</style><script src="/pair/pair.js" defer></script></head>
<body><main>
<h1 id="title">{title}</h1>
<div id="begin">
<p id="lead">{lead}</p>
<form id="form">
<div id="code_row"><label for="code">Code of 8 characters</label>
<input id="code" name="code" maxlength="12" autocomplete="off" autocapitalize="characters" autocorrect="off"
  spellcheck="false"></div>
<label for="name">Name of this phone</label><input id="name" name="name" maxlength="40" autocomplete="off">
<button id="pair" type="submit">Pair this phone</button>
</form></div>
<div id="waiting" tabindex="-1" hidden>
<p>Look at the computer: it shows <strong id="phone_name"></strong> and this number. Confirm there.</p>
<p class="number" id="number"></p>
</div>
<p id="status" role="status" aria-live="polite"></p>
<div id="paired" tabindex="-1" hidden>
<p>This phone is paired. <a href="/log">Open the log</a></p>
<p>An app on the home screen of an iPhone keeps its own sign-in. Open it there once and type a code from here.</p>
<button class="second" id="home_screen" type="button">Show a code for the home screen</button>
<p class="number" id="home_code"></p>
</div>
<p class="soft" id="plain" hidden>This address has no encryption. Somebody on the same network who listens on purpose
can read what is sent, so it is the log alone. The page takes entries while it is open, and cannot be opened while the
computer is out of reach.</p>
<noscript><p>Pairing needs JavaScript, which is switched off in this browser.</p></noscript>
</main></body></html>
"""
SCRIPT = """(() => {
  "use strict";
  const at = (id) => document.getElementById(id);
  const secret = location.hash.slice(1);
  // The secret is out of the address bar and of the history before anything else happens.
  if (secret) history.replaceState(null, "", "/pair");
  const guess = () => {
    const agent = navigator.userAgent;
    if (/iPhone/.test(agent)) return "iPhone";
    if (/iPad/.test(agent)) return "iPad";
    return /Android/.test(agent) ? "Android phone" : "Phone";
  };
  const send = async (address, body) => {
    const answer = await fetch(address, {
      method: "POST", credentials: "same-origin", cache: "no-store",
      headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    return answer.json();
  };
  const say = (text) => { at("status").textContent = text; };
  const away = "The computer does not answer. Is this phone in the same Wi-Fi? Trying again …";
  const show = (part) => {
    const is_new = at(part).hidden;
    for (const one of ["begin", "waiting", "paired"]) at(one).hidden = one !== part;
    // A screen reader reads what has come, from its beginning.
    if (is_new && part !== "begin") at(part).focus();
  };
  const follow = (answer) => {
    at("pair").disabled = false;
    if (answer.state === "waiting") {
      if (at("number").textContent !== answer.number) {
        at("phone_name").textContent = answer.name;
        at("number").textContent = answer.number;
      }
      show("waiting");
      setTimeout(poll, 1000);
    } else if (answer.state === "paired") {
      location.replace("/log");
    } else if (answer.state === "device") {
      at("title").textContent = "This phone";
      show("paired");
    } else if (answer.text) {
      show("begin");
      at("code_row").hidden = false;
      say(answer.text);
    }
  };
  const poll = () => send("/pair/state", {}).then(
    (answer) => { if (answer.state === "waiting") say("Waiting for the computer."); follow(answer); },
    () => { say(away); setTimeout(poll, 2000); });
  at("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const code = at("code").value.trim();
    const given = secret && at("code_row").hidden ? { secret } : { code };
    at("pair").disabled = true;
    say("");
    send("/pair", { ...given, name: at("name").value }).then(follow, () => {
      at("pair").disabled = false;
      say("The computer does not answer. Is this phone in the same Wi-Fi? Press again.");
    });
  });
  at("home_screen").addEventListener("click", () => {
    send("/pair/code", {}).then(
      (answer) => {
        at("home_code").textContent = answer.code || "";
        say(answer.text || "Good for five minutes, once.");
      },
      () => say(away));
  });
  at("name").value = guess();
  at("plain").hidden = location.protocol === "https:";
  if (secret) {
    at("code_row").hidden = true;
    at("lead").textContent = "Press once, and confirm at the computer that shows the code.";
  } else {
    send("/pair/state", {}).then((answer) => { if (answer.state !== "none") follow(answer); }, () => {});
  }
})();
"""


def _page(title: str, lead: str) -> bytes:
    return _PAGE.format(style=STYLE, title=title, lead=lead).encode()


PAIR = _page(
    "Pair this phone",
    "Scan the code that Heelwise shows on the computer, under Settings, “Use it on my phone”, or type its 8 "
    "characters.",
)
NOT_PAIRED = _page(
    "This phone is not paired",
    "Type the 8 characters that Heelwise shows on the computer, under Settings, “Use it on my phone”. For an app on "
    "the home screen, the browser that is paired shows them too.",
)
