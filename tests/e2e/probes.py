"""One harmless question for each root field of the API: whoever may ask it is told no for another reason.

Nearly every mutation is asked for what the rules refuse to everybody (a wrong number, a move already made),
so that the answer of somebody who has the right differs from a stranger's, and nothing changes.
"""

from collections.abc import Mapping

PROBES: Mapping[str, str] = {
    # identity
    "me": "{ me { id } }",
    "node": "query ($booking: ID!) { node(id: $booking) { id } }",
    "node: person": "query ($young: ID!) { node(id: $young) { id } }",
    "node: structure": "query ($structure: ID!) { node(id: $structure) { id } }",
    "node: pending": "query ($pending: ID!) { node(id: $pending) { id } }",
    "node: attachment": "query ($attachment: ID!) { node(id: $attachment) { id } }",
    "node: grant": "query ($grant: ID!) { node(id: $grant) { id } }",
    "node: identity check": "query ($check: ID!) { node(id: $check) { id } }",
    "node: venue": "query ($venue: ID!) { node(id: $venue) { id } }",
    "node: draft": "query ($draft: ID!) { node(id: $draft) { id } }",
    "node: stock": "query ($seat: ID!) { node(id: $seat) { id } }",
    "node: wallet": "query ($wallet: ID!) { node(id: $wallet) { id } }",
    "node: bank account": "query ($account: ID!) { node(id: $account) { id } }",
    "node: no batch": "query ($noCashflowBatch: ID!) { node(id: $noCashflowBatch) { id } }",
    "nodes": "query ($booking: ID!, $account: ID!) { nodes(ids: [$booking, $account]) { id } }",
    "structure": "query ($structure: ID!) { structure(id: $structure) { id } }",
    "structure: pending": "query ($pending: ID!) { structure(id: $pending) { id } }",
    "structures": "{ structures { edges { node { id } } } }",
    "mySessions": "{ mySessions { edges { node { id } } } }",
    "pendingIdentityChecks": "{ pendingIdentityChecks { edges { node { id } } } }",
    "company": '{ company(siren: "180046252") { name } }',
    "providers": "{ providers { edges { node { id } } } }",
    "createProvider": """mutation ($key: UUID!) {
        createProvider(providerName: "", idempotencyKey: $key) { ... on Refusal { code } } }""",
    "signUpPro": """mutation ($key: UUID!) { signUpPro(idempotencyKey: $key, input: {email: "a@lieu.example",
        password: "Motdepasse-123", firstName: "A", lastName: "B", phone: "0467000000", siren: "123456789",
        structureName: "S"}) { ... on Refusal { code } } }""",
    "signUp": """mutation ($key: UUID!) { signUp(idempotencyKey: $key, input: {email: "a@jeune.example",
        password: "Motdepasse-123", firstName: "A", lastName: "B", birthDate: "2008-01-01", postalCode: "3"}) {
        ... on Refusal { code } } }""",
    "confirmEmail": """mutation {
        confirmEmail(token: "none", password: "Motdepasse-123") { ... on Refusal { code } } }""",
    "confirmationResends": '{ confirmationResends(email: "no address") { remaining } }',
    "resendConfirmation": """mutation ($key: UUID!) {
        resendConfirmation(email: "no address", idempotencyKey: $key) { ... on Refusal { code } } }""",
    "signIn": """mutation ($anybody: String!) {
        signIn(email: $anybody, password: "Motdepasse-123") { ... on Refusal { code } } }""",
    "signInStaff": """mutation ($anybody: String!) {
        signInStaff(email: $anybody, password: "Motdepasse-123") { ... on Refusal { code } } }""",
    "answerStaffChallenge": """mutation { answerStaffChallenge(challenge: "none", factor: TOTP, proof: "123456") {
        ... on Refusal { code } } }""",
    "enrolFactor": """mutation { enrolFactor(challenge: "none", factor: TOTP, proof: "123456") {
        ... on Refusal { code } } }""",
    "refreshSession": 'mutation { refreshSession(refreshToken: "none") { ... on Refusal { code } } }',
    "signOut": 'mutation { signOut(refreshToken: "none") }',
    "closeSession": """mutation ($noOpenSession: ID!, $key: UUID!) {
        closeSession(sessionId: $noOpenSession, idempotencyKey: $key) { ... on Refusal { code } } }""",
    "requestPasswordReset": """mutation ($key: UUID!) {
        requestPasswordReset(email: "no address", idempotencyKey: $key) { ... on Refusal { code } } }""",
    "resetPassword": """mutation ($key: UUID!) { resetPassword(token: "none", newPassword: "Motdepasse-123",
        idempotencyKey: $key) { ... on Refusal { code } } }""",
    "changePassword": """mutation ($key: UUID!) { changePassword(oldPassword: "a", newPassword: "b",
        newPasswordConfirmation: "c", idempotencyKey: $key) { ... on Refusal { code } } }""",
    "reportSignIn": """mutation ($key: UUID!) {
        reportSignIn(token: "none", idempotencyKey: $key) { ... on Refusal { code } } }""",
    "deactivateAccount": """mutation ($key: UUID!) { deactivateAccount(password: "Un-autre-mot-2", reason: OTHER,
        idempotencyKey: $key) { ... on Refusal { code } } }""",
    "reactivateAccount": """mutation ($anybody: String!, $key: UUID!) { reactivateAccount(email: $anybody,
        password: "Motdepasse-123", idempotencyKey: $key) { ... on Refusal { code } } }""",
    "requestEmailChange": """mutation ($key: UUID!) { requestEmailChange(newEmail: "no address",
        password: "Motdepasse-123", idempotencyKey: $key) { ... on Refusal { code } } }""",
    "confirmEmailChange": """mutation ($key: UUID!) {
        confirmEmailChange(token: "none", idempotencyKey: $key) { ... on Refusal { code } } }""",
    "applyEmailChange": """mutation ($key: UUID!) {
        applyEmailChange(token: "none", idempotencyKey: $key) { ... on Refusal { code } } }""",
    "cancelEmailChange": """mutation ($key: UUID!) {
        cancelEmailChange(idempotencyKey: $key) { ... on Refusal { code } } }""",
    "joinStructure": """mutation ($key: UUID!) { joinStructure(siren: "123456789", structureName: "S",
        idempotencyKey: $key) { ... on Refusal { code } } }""",
    "validateStructure": """mutation ($structure: ID!, $key: UUID!) {
        validateStructure(structureId: $structure, idempotencyKey: $key) { ... on Refusal { code } } }""",
    "rejectStructure": """mutation ($structure: ID!, $key: UUID!) {
        rejectStructure(structureId: $structure, idempotencyKey: $key) { ... on Refusal { code } } }""",
    "closeStructure": """mutation ($pending: ID!, $key: UUID!) {
        closeStructure(structureId: $pending, idempotencyKey: $key) { ... on Refusal { code } } }""",
    "validateAttachment": """mutation ($attachment: ID!, $key: UUID!) {
        validateAttachment(attachmentId: $attachment, idempotencyKey: $key) { ... on Refusal { code } } }""",
    "rejectAttachment": """mutation ($noAttachment: ID!, $key: UUID!) {
        rejectAttachment(attachmentId: $noAttachment, idempotencyKey: $key) { ... on Refusal { code } } }""",
    "submitIdentityCheck": """mutation ($key: UUID!) { submitIdentityCheck(idempotencyKey: $key, input: {
        documentNumber: "1", firstName: "A", lastName: "B", birthDate: "2008-01-01", city: "C",
        postalCode: "34000", activity: "Lycéen", honourStatement: true}) { ... on Refusal { code } } }""",
    "acceptIdentityCheck": """mutation ($young: ID!, $key: UUID!) {
        acceptIdentityCheck(personId: $young, idempotencyKey: $key) { ... on Refusal { code } } }""",
    "rejectIdentityCheck": """mutation ($young: ID!, $key: UUID!) {
        rejectIdentityCheck(personId: $young, idempotencyKey: $key) { ... on Refusal { code } } }""",
    "suspendPerson": """mutation ($noPerson: ID!, $key: UUID!) {
        suspendPerson(personId: $noPerson, reason: FRAUD, idempotencyKey: $key) { ... on Refusal { code } } }""",
    "unsuspendPerson": """mutation ($young: ID!, $key: UUID!) {
        unsuspendPerson(personId: $young, idempotencyKey: $key) { ... on Refusal { code } } }""",
    "resetFactors": """mutation ($noPerson: ID!, $key: UUID!) {
        resetFactors(personId: $noPerson, idempotencyKey: $key) { ... on Refusal { code } } }""",
    # catalog
    "venue": "query ($venue: ID!) { venue(id: $venue) { id } }",
    "offer": "query ($concert: ID!) { offer(id: $concert) { id } }",
    "offer: draft": "query ($draft: ID!) { offer(id: $draft) { id } }",
    "offers": "query ($structure: ID!) { offers(structureId: $structure) { edges { node { id } } } }",
    "subcategories": "{ subcategories { id } }",
    "towns": '{ towns(prefix: "Mont") { name } }',
    "searchOffers": '{ searchOffers(query: "concert") { edges { node { offerId } } } }',
    "createVenue": """mutation ($structure: ID!, $key: UUID!) { createVenue(idempotencyKey: $key, input: {
        structureId: $structure, name: "V", postalCode: "34000", city: "Montpellier", siret: "12345678901234"}) {
        ... on Refusal { code } } }""",
    "createOffer": """mutation ($venue: ID!, $key: UUID!) { createOffer(idempotencyKey: $key, input: {
        venueId: $venue, subcategoryId: "NONE", name: "O",
        accessibility: {audio: false, mental: false, motor: false, visual: false}}) { ... on Refusal { code } } }""",
    "addStocks": """mutation ($concert: ID!, $key: UUID!) { addStocks(idempotencyKey: $key, input: {
        offerId: $concert, priceCategories: [], dates: []}) { ... on Refusal { code } } }""",
    "addThingStock": """mutation ($book: ID!, $key: UUID!) { addThingStock(idempotencyKey: $key, input: {
        offerId: $book, priceCents: -1}) { ... on Refusal { code } } }""",
    "updateStock": """mutation ($bookStock: ID!, $key: UUID!) { updateStock(idempotencyKey: $key, input: {
        stockId: $bookStock, priceCents: -1}) { ... on Refusal { code } } }""",
    "deleteStock": """mutation ($dearSeat: ID!, $key: UUID!) {
        deleteStock(stockId: $dearSeat, idempotencyKey: $key) { ... on Refusal { code } } }""",
    "publishOffer": """mutation ($concert: ID!, $key: UUID!) { publishOffer(offerId: $concert,
        publishAt: "2020-01-01T00:00:00Z", idempotencyKey: $key) { ... on Refusal { code } } }""",
    "unpublishOffer": """mutation ($draft: ID!, $key: UUID!) {
        unpublishOffer(offerId: $draft, idempotencyKey: $key) { ... on Refusal { code } } }""",
    # booking
    "booking": "query ($booking: ID!) { booking(id: $booking) { id } }",
    "wallet": "{ wallet { kind } }",
    "myBookings": "{ myBookings { edges { node { id } } } }",
    "bookingChanged": "subscription { bookingChanged { cursor } }",
    "contremarque": "query ($code: String!) { contremarque(code: $code) { booking { id } } }",
    "structureBookings": """query ($structure: ID!) {
        structureBookings(structureId: $structure) { edges { node { id } } } }""",
    "bookOffer": """mutation ($dearSeat: ID!, $key: UUID!) {
        bookOffer(input: {stockId: $dearSeat, quantity: 3}, idempotencyKey: $key) { ... on Refusal { code } } }""",
    "cancelBooking": """mutation ($usedBooking: ID!, $key: UUID!) {
        cancelBooking(bookingId: $usedBooking, idempotencyKey: $key) { ... on Refusal { code } } }""",
    "validateContremarque": """mutation ($usedCode: String!, $key: UUID!) {
        validateContremarque(code: $usedCode, idempotencyKey: $key) { ... on Refusal { code } } }""",
    "undoValidation": """mutation ($code: String!, $key: UUID!) {
        undoValidation(code: $code, idempotencyKey: $key) { ... on Refusal { code } } }""",
    # finance
    "reimbursements": """query ($structure: ID!) {
        reimbursements(structureId: $structure) { pageInfo { hasNextPage } } }""",
    "awaitingReimbursement": "query ($structure: ID!) { awaitingReimbursement(structureId: $structure) { count } }",
    "bankAccounts": "query ($structure: ID!) { bankAccounts(structureId: $structure) { id } }",
    "batches": "{ batches { pageInfo { hasNextPage } } }",
    "batch": "query ($noCashflowBatch: ID!) { batch(id: $noCashflowBatch) { id } }",
    "reimbursementExport": "query ($noJob: ID!) { reimbursementExport(id: $noJob) { job { state } } }",
    "startReimbursementExport": """mutation ($structure: ID!, $noCashflowBatch: ID!, $key: UUID!) {
        startReimbursementExport(idempotencyKey: $key, input: {structureId: $structure, batchId: $noCashflowBatch,
        format: CSV}) { ... on Refusal { code } } }""",
    "submitBankAccount": """mutation ($structure: ID!, $key: UUID!) { submitBankAccount(idempotencyKey: $key,
        input: {structureId: $structure, label: "L", iban: "FR00", bic: "CRLYFRPP"}) { ... on Refusal { code } } }""",
    "acceptBankAccount": """mutation ($noBankAccount: ID!, $key: UUID!) {
        acceptBankAccount(id: $noBankAccount, idempotencyKey: $key) { ... on Refusal { code } } }""",
    "rejectBankAccount": """mutation ($noBankAccount: ID!, $key: UUID!) {
        rejectBankAccount(id: $noBankAccount, idempotencyKey: $key) { ... on Refusal { code } } }""",
    "acceptBatch": """mutation ($noCashflowBatch: ID!, $key: UUID!) {
        acceptBatch(id: $noCashflowBatch, idempotencyKey: $key) { ... on Refusal { code } } }""",
    "closeFortnight": """mutation ($key: UUID!) {
        closeFortnight(lastDay: "2026-01-14", idempotencyKey: $key) { ... on Refusal { code } } }""",
}
"""Row of verdicts.txt → document; what follows a colon in a row's name tells two questions of a field apart."""

DONE = frozenset({"unpublishOffer"})
"""Rows that no rule refuses: whoever may ask it has it done, here to a draft."""
