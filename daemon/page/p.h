/* The steps of every page, for routes.c. Each is in its file p_….c; page.h says how one is made. */
#pragma once

#include "daemon/flow/flow.h"

extern const struct flow_step page_case_file[];
extern const struct flow_step page_documents[];
extern const struct flow_step page_document_add[];
extern const struct flow_step page_document_act[];
extern const struct flow_step page_home[];
extern const struct flow_step page_assets[];
/* The same on a map, and what its script asks for. */
extern const struct flow_step page_map[];
extern const struct flow_step page_map_points[];
extern const struct flow_step page_asset[];
/* The officers' forms of an asset: a new one, and all that is done with one there is. */
extern const struct flow_step page_asset_new[];
extern const struct flow_step page_asset_add[];
extern const struct flow_step page_asset_edit[];
extern const struct flow_step page_asset_act[];
extern const struct flow_step page_work[];
extern const struct flow_step page_downloads[];
extern const struct flow_step page_requests[];
extern const struct flow_step page_request[];
/* What officers enter from paper: a request, a community body; and the body for everybody. */
extern const struct flow_step page_request_new[];
extern const struct flow_step page_request_add[];
extern const struct flow_step page_body_new[];
extern const struct flow_step page_body_add[];
extern const struct flow_step page_body[];
extern const struct flow_step page_body_act[];
/* Forms of an asset and of a request: a part split off, what overlaps it, which asset land is. */
extern const struct flow_step page_asset_split[];
extern const struct flow_step page_request_link[];
extern const struct flow_step page_land_pair[];
extern const struct flow_step page_pairs[];
/* Public bodies as a list; one that is entered, one that joins a partnership. */
extern const struct flow_step page_authorities[];
extern const struct flow_step page_authorities_act[];
/* A public body, and a locality, for everybody. */
extern const struct flow_step page_public_body[];
extern const struct flow_step page_locality[];
/* What an authority settles, and its record. */
extern const struct flow_step page_authority[];
extern const struct flow_step page_authority_act[];
extern const struct flow_step page_representations[];
extern const struct flow_step page_representation_add[];
extern const struct flow_step page_representation_act[];
/* What a community group does without an account: it asks, and acts on its own request by a link.
 */
extern const struct flow_step page_ask[];
extern const struct flow_step page_ask_send[];
extern const struct flow_step page_mine[];
extern const struct flow_step page_mine_act[];
extern const struct flow_step page_comment[];
extern const struct flow_step page_comment_send[];
extern const struct flow_step page_answers[];
extern const struct flow_step page_answers_send[];
extern const struct flow_step page_follow[];
extern const struct flow_step page_follow_send[];
extern const struct flow_step page_unfollow[];
extern const struct flow_step page_unfollow_send[];
extern const struct flow_step page_confirm[];
extern const struct flow_step page_confirm_send[];
extern const struct flow_step page_case[];
extern const struct flow_step page_case_act[];
extern const struct flow_step page_case_officer[];
extern const struct flow_step page_case_note[];
extern const struct flow_step page_case_propose[];
extern const struct flow_step page_case_approve[];
extern const struct flow_step page_case_reject[];
extern const struct flow_step page_correct[];
extern const struct flow_step page_correct_send[];
extern const struct flow_step page_notice[];
extern const struct flow_step page_notice_add[];
extern const struct flow_step page_notice_change[];
extern const struct flow_step page_notice_issue[];
extern const struct flow_step page_notice_served[];
extern const struct flow_step page_forecast[];
extern const struct flow_step page_cpp[];
extern const struct flow_step page_asset_projection[];
/* Setting a password by the link of an account. */
extern const struct flow_step page_password[];
extern const struct flow_step page_password_set[];
/* A link asked for by letter. */
extern const struct flow_step page_forgotten[];
extern const struct flow_step page_forgotten_send[];
/* One's own sessions and password. */
extern const struct flow_step page_account[];
extern const struct flow_step page_account_change[];
extern const struct flow_step page_forecast_addresses[];
extern const struct flow_step page_forecast_addresses_change[];
extern const struct flow_step page_bridge[];
/* Frozen runs as a list, one of them, and one made by a form. */
extern const struct flow_step page_runs[];
extern const struct flow_step page_run[];
extern const struct flow_step page_run_add[];
/* Forecasts beside each other, and the scenarios made for that. */
extern const struct flow_step page_compare[];
extern const struct flow_step page_scenario_add[];
extern const struct flow_step page_parameters[];
extern const struct flow_step page_parameters_set[];
/* What a budget says of receipts; and what was said of them against what came in. */
extern const struct flow_step page_budget[];
extern const struct flow_step page_budget_set[];
extern const struct flow_step page_outturn[];
extern const struct flow_step page_calendars[];
extern const struct flow_step page_calendar_add[];
extern const struct flow_step page_calendar[];
extern const struct flow_step page_calendar_apply[];
/* People who sign in, one who is invited; one of them, and what is done with their account. */
extern const struct flow_step page_people[];
extern const struct flow_step page_person_add[];
extern const struct flow_step page_person[];
extern const struct flow_step page_person_act[];
/* Keys of programs; one that is made, one that is ended. */
extern const struct flow_step page_keys[];
extern const struct flow_step page_keys_act[];
extern const struct flow_step page_key[];
extern const struct flow_step page_key_act[];
/* Webhooks with how they fare, one that is made; one of them, and what is done with it. */
extern const struct flow_step page_webhooks[];
extern const struct flow_step page_webhook_add[];
extern const struct flow_step page_webhook[];
extern const struct flow_step page_webhook_act[];
extern const struct flow_step page_rules[];
extern const struct flow_step page_reports[];
extern const struct flow_step page_report[];
extern const struct flow_step page_report_requests[];
extern const struct flow_step page_report_save[];
extern const struct flow_step page_report_publish[];
extern const struct flow_step page_assets_change[];
extern const struct flow_step page_assets_change_show[];
extern const struct flow_step page_mappings[];
extern const struct flow_step page_mapping_add[];
extern const struct flow_step page_mapping_remove[];
/* The choice of a language; and what has Gaelic. */
extern const struct flow_step page_language[];
extern const struct flow_step page_translations[];
/* Help: the guides, and one. */
extern const struct flow_step page_guides[];
extern const struct flow_step page_guide[];
extern const struct flow_step page_sign_in[];
extern const struct flow_step page_sign_in_check[];
extern const struct flow_step page_sign_out[];
