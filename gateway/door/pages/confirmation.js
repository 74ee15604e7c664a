// The link of the confirmation mail: the person presses the button, the token is used, the address is confirmed.
// Not by the page itself: programs that read mails follow links, and the token serves once.
const told = document.querySelector('#told');
const button = document.querySelector('#confirm');
const token = new URLSearchParams(location.search).get('token');

const CONFIRM = 'mutation ($token: String!) { confirmEmail(token: $token) { __typename ... on InvalidToken { message } } }';
const LATER = 'Le service ne répond pas : réessayez dans un instant.';

if (token) {
  // The token stays in this page: not in the history, nor in what the browser tells the next page.
  history.replaceState(null, '', location.pathname);
  button.hidden = false;
  button.addEventListener('click', confirm);
} else {
  told.textContent = 'Le lien est incomplet : ouvrez-le depuis l’e-mail, en entier.';
}

async function confirm() {
  button.disabled = true;
  const { text, done } = await answer();
  told.textContent = text;
  button.hidden = done;
  button.disabled = false;
}

/** What to tell, and whether there is nothing more to do here. */
async function answer() {
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: CONFIRM, variables: { token } }),
    });
    const { data, errors } = await response.json();
    if (errors?.length) return { text: errors[0].message, done: false };
    const confirmed = data.confirmEmail;
    if (confirmed.__typename !== 'EmailConfirmed') return { text: confirmed.message, done: true };
    return { text: 'Votre adresse est confirmée : vous pouvez vous connecter.', done: true };
  } catch {
    return { text: LATER, done: false };
  }
}
