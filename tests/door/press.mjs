// Runs pages/link.js as a browser would with a page of it, the form sent:
// node press.mjs SCRIPT FORM(JSON: its data-*, and the name of its field) SEARCH PASSWORD ANSWER|away
const [script, described, search, typed, answer] = process.argv.slice(2);
const { name, ...dataset } = JSON.parse(described);
const asked = [];
const element = (own) => ({ textContent: '', hidden: true, value: '', addEventListener(_, act) { this.send = act; }, ...own });
const elements = { '#told': element(), '#link': element({ dataset }), '#password': name ? element({ name }) : null };
const { '#told': told, '#link': form, '#password': password } = elements;
globalThis.document = { querySelector: (id) => elements[id] };
globalThis.location = { search, pathname: '/here' };
globalThis.history = { replaceState: (_, __, address) => asked.push(['shows', address]) };
globalThis.fetch = async (url, request) => {
  asked.push([url, JSON.parse(request.body)]);
  if (answer === 'away') throw new TypeError('away');
  return { json: async () => JSON.parse(answer) };
};
await import(script);
const offered = !form.hidden;
if (password) password.value = typed;
let stays = false;
if (form.send) await form.send({ preventDefault: () => { stays = true; } });
console.log(JSON.stringify({ offered, asked, stays, told: told.textContent, again: !form.hidden }));
