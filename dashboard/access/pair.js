(() => {
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
