// The link of the confirmation mail and the password of its form: only who has both confirms the address.
// Not by the page itself: programs that read mails follow links, and the token serves once.
const told = document.querySelector('#told');
const form = document.querySelector('#confirm');
const password = document.querySelector('#password');
const token = new URLSearchParams(location.search).get('token');

// gateway/persisted/confirm_email.graphql, by its SHA-256: production answers no other text.
const CONFIRM = '75fb642e4fed0fe1534db40ebefba1119b70fc5b7640a37e4e4cfd3090c748ca';
const LATER = 'Le service ne répond pas : réessayez dans un instant.';

if (token) {
  // The token stays in this page: not in the history, nor in what the browser tells the next page.
  history.replaceState(null, '', location.pathname);
  form.hidden = false;
  form.addEventListener('submit', confirm);
} else {
  told.textContent = 'Le lien est incomplet : ouvrez-le depuis l’e-mail, en entier.';
}

async function confirm(event) {
  event.preventDefault();
  const { text, done } = await answer();
  told.textContent = text;
  form.hidden = done;
}

/** What to tell, and whether there is nothing more to do here. */
async function answer() {
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ documentId: CONFIRM, variables: { token, password: password.value } }),
    });
    const { data, errors } = await response.json();
    if (errors?.length) return { text: errors[0].message, done: false };
    const confirmed = data.confirmEmail;
    if (confirmed.__typename === 'EmailConfirmed') {
      return { text: 'Votre adresse est confirmée : vous pouvez vous connecter.', done: true };
    }
    // A wrong password may be typed again; a link that served or is too old leads nowhere.
    return { text: confirmed.message, done: confirmed.__typename === 'InvalidToken' };
  } catch {
    return { text: LATER, done: false };
  }
}
