"""The subgraph of identity, put together."""

import strawberry

from chassis.graphql import build_schema
from chassis.graphql.schema import Subgraph
from identity.api.graphql.glossary import GLOSSARY
from identity.api.graphql.mutations.accept_identity_check import accept_identity_check_mutation
from identity.api.graphql.mutations.answer_staff_challenge import answer_staff_challenge_mutation
from identity.api.graphql.mutations.apply_email_change import apply_email_change_mutation
from identity.api.graphql.mutations.cancel_email_change import cancel_email_change_mutation
from identity.api.graphql.mutations.change_password import change_password_mutation
from identity.api.graphql.mutations.close_session import close_session_mutation
from identity.api.graphql.mutations.close_structure import close_structure_mutation
from identity.api.graphql.mutations.confirm_email import confirm_email_mutation
from identity.api.graphql.mutations.confirm_email_change import confirm_email_change_mutation
from identity.api.graphql.mutations.create_provider import create_provider_mutation
from identity.api.graphql.mutations.deactivate_account import deactivate_account_mutation
from identity.api.graphql.mutations.enrol_factor import enrol_factor_mutation
from identity.api.graphql.mutations.join_structure import join_structure_mutation
from identity.api.graphql.mutations.reactivate_account import reactivate_account_mutation
from identity.api.graphql.mutations.refresh_session import refresh_session_mutation
from identity.api.graphql.mutations.reject_attachment import reject_attachment_mutation
from identity.api.graphql.mutations.reject_identity_check import reject_identity_check_mutation
from identity.api.graphql.mutations.reject_structure import reject_structure_mutation
from identity.api.graphql.mutations.report_sign_in import report_sign_in_mutation
from identity.api.graphql.mutations.request_email_change import request_email_change_mutation
from identity.api.graphql.mutations.request_password_reset import request_password_reset_mutation
from identity.api.graphql.mutations.resend_confirmation import resend_confirmation_mutation
from identity.api.graphql.mutations.reset_factors import reset_factors_mutation
from identity.api.graphql.mutations.reset_password import reset_password_mutation
from identity.api.graphql.mutations.sign_in import sign_in_mutation
from identity.api.graphql.mutations.sign_in_staff import sign_in_staff_mutation
from identity.api.graphql.mutations.sign_out import sign_out_mutation
from identity.api.graphql.mutations.sign_up import sign_up_mutation
from identity.api.graphql.mutations.sign_up_pro import sign_up_pro_mutation
from identity.api.graphql.mutations.submit_identity_check import submit_identity_check_mutation
from identity.api.graphql.mutations.suspend_person import suspend_person_mutation
from identity.api.graphql.mutations.unsuspend_person import unsuspend_person_mutation
from identity.api.graphql.mutations.validate_attachment import validate_attachment_mutation
from identity.api.graphql.mutations.validate_structure import validate_structure_mutation
from identity.api.graphql.queries import Query
from identity.api.graphql.types import NODES, Grant


@strawberry.type
class Mutation:
    sign_up_pro = sign_up_pro_mutation
    sign_up = sign_up_mutation
    confirm_email = confirm_email_mutation
    resend_confirmation = resend_confirmation_mutation
    sign_in = sign_in_mutation
    sign_in_staff = sign_in_staff_mutation
    answer_staff_challenge = answer_staff_challenge_mutation
    enrol_factor = enrol_factor_mutation
    refresh_session = refresh_session_mutation
    sign_out = sign_out_mutation
    close_session = close_session_mutation
    request_password_reset = request_password_reset_mutation
    reset_password = reset_password_mutation
    change_password = change_password_mutation
    report_sign_in = report_sign_in_mutation
    deactivate_account = deactivate_account_mutation
    reactivate_account = reactivate_account_mutation
    request_email_change = request_email_change_mutation
    confirm_email_change = confirm_email_change_mutation
    apply_email_change = apply_email_change_mutation
    cancel_email_change = cancel_email_change_mutation
    join_structure = join_structure_mutation
    validate_structure = validate_structure_mutation
    reject_structure = reject_structure_mutation
    close_structure = close_structure_mutation
    validate_attachment = validate_attachment_mutation
    reject_attachment = reject_attachment_mutation
    submit_identity_check = submit_identity_check_mutation
    accept_identity_check = accept_identity_check_mutation
    reject_identity_check = reject_identity_check_mutation
    suspend_person = suspend_person_mutation
    unsuspend_person = unsuspend_person_mutation
    reset_factors = reset_factors_mutation
    create_provider = create_provider_mutation


def subgraph(introspection: bool) -> Subgraph:
    return build_schema(
        Query,
        Mutation,
        types=[Grant, *NODES.stubs],
        introspection=introspection,
        glossary=GLOSSARY,
        ids={"sessionId": "OpenSession"},
    )
