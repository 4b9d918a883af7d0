"""Who is let in at which address: what ``test_who_opens`` expects of every view's name.

``stranger`` is an officer of a department that the records do not concern;
``officer`` and ``head`` belong to the one that owes them. Let in means that
the page answers, be it with a form that misses something; what a form may do
is checked once more by the service, which the tests of each room try. Where
only its owner opens an address (a kept search, a message, a feed with a
secret), it stands among those that nobody here opens.
"""

EVERYBODY = frozenset(
    {
        "anonymous", "viewer", "stranger", "officer", "head", "department_head", "supervisor", "duty_officer",
        "commander", "editor", "publisher", "system_admin", "security_admin", "audit_admin",
    }
)  # fmt: skip
STAFF = EVERYBODY - {"anonymous"}
DESK = frozenset({"editor", "publisher"})
POST = frozenset({"duty_officer", "commander"})
OWING = frozenset({"officer", "head"})
DEPARTMENTS = OWING | {"stranger", "department_head"}
NOBODY: frozenset[str] = frozenset()
Doors = list[tuple[frozenset[str], str]]

READ: Doors = [
    (
        EVERYBODY,
        """
        home search search_csv search_xlsx search_feed healthz events:index events:on_this_day
        events:statistics events:statistics_csv events:statistics_xlsx events:person_timeline
        events:person_timeline_csv events:person_timeline_xlsx events:department_timeline
        events:department_timeline_csv events:department_timeline_xlsx events:feed events:calendar
        events:event events:entries_csv events:entries_xlsx events:year events:month
        events:month_csv events:month_xlsx events:bulletin events:day organizations:people
        organizations:people_csv organizations:people_xlsx organizations:person
        organizations:departments organizations:departments_csv organizations:departments_xlsx
        organizations:department directives:index directives:table_csv directives:table_xlsx
        directives:feed directives:calendar directives:rosters directives:rosters_csv
        directives:rosters_xlsx directives:unresolved directives:unresolved_csv
        directives:unresolved_xlsx directives:directive directives:print directives:docx
        floodresponse:index floodresponse:plan floodresponse:cap floodresponse:cap_message
        gazette:issues gazette:issues_xlsx foundation:attachment sitemap account_login
        account_logout account_inactive socialaccount_login_cancelled
        """,
    ),
    (
        STAFF,
        """
        search_saved directives:followed directives:followed_csv directives:followed_xlsx
        taskboard:index taskboard:mine taskboard:bulletins taskboard:bulletins_xlsx
        taskboard:task_list taskboard:sign_list taskboard:report taskboard:task_list_csv
        taskboard:board taskboard:timeline taskboard:matrix taskboard:matrix_xlsx taskboard:stages
        taskboard:stages_xlsx taskboard:task_list_xlsx taskboard:list_template taskboard:calendar
        taskboard:calendar_xlsx taskboard:mine_xlsx taskboard:move taskboard:decide taskboard:periodic_reports
        taskboard:periodic_report taskboard:workdays taskboard:ledgers taskboard:ledgers_xlsx
        taskboard:ledger taskboard:ledger_csv taskboard:ledger_xlsx taskboard:ledger_averages
        taskboard:ledger_row_new taskboard:ledger_reports taskboard:ledger_reports_xlsx
        taskboard:ledger_report taskboard:ledger_row taskboard:ledger_row_change
        taskboard:ledger_row_correct taskboard:supervision taskboard:heating taskboard:look_backs
        taskboard:look_backs_xlsx taskboard:look_back taskboard:findings taskboard:findings_xlsx
        taskboard:listings taskboard:listings_xlsx taskboard:listing taskboard:inspections
        taskboard:inspections_xlsx taskboard:inspection taskboard:task taskboard:comment
        taskboard:step floodresponse:signs floodresponse:live floodresponse:response
        floodresponse:notice floodresponse:incidents floodresponse:incidents_xlsx
        floodresponse:losses floodresponse:losses_xlsx floodresponse:reporting_units
        floodresponse:reporting_units_xlsx
        floodresponse:obligations floodresponse:obligations_xlsx
        floodresponse:readings floodresponse:readings_csv floodresponse:readings_xlsx
        floodresponse:drill_readings floodresponse:reading floodresponse:stations
        floodresponse:station floodresponse:warnings floodresponse:warnings_xlsx
        floodresponse:warning_feed floodresponse:warning floodresponse:rain_orders
        floodresponse:rain_order floodresponse:rain_order_xlsx floodresponse:roster
        floodresponse:roster_xlsx floodresponse:roster_month floodresponse:roster_unit
        floodresponse:shift floodresponse:readiness floodresponse:readiness_xlsx
        floodresponse:supplies floodresponse:supplies_xlsx floodresponse:supply
        floodresponse:register floodresponse:register_xlsx notifications:inbox
        notifications:unread_count notifications:settings account_change_password
        account_reauthenticate mfa_index mfa_authenticate mfa_reauthenticate mfa_activate_totp
        mfa_generate_recovery_codes mfa_list_webauthn mfa_add_webauthn mfa_reauthenticate_webauthn
        mfa_remove_webauthn mfa_edit_webauthn mfa_login_webauthn security:own account_waiting
        """,
    ),
    (
        DEPARTMENTS | POST,
        """
        floodresponse:mine floodresponse:incident_new floodresponse:warning_new
        floodresponse:warning_file
        floodresponse:roster_import floodresponse:supplies_import floodresponse:supply_new
        floodresponse:households floodresponse:households_xlsx floodresponse:register_new
        floodresponse:register_import
        """,
    ),
    (
        OWING | POST,
        """
        floodresponse:register_edit
        """,
    ),
    (
        DEPARTMENTS,
        """
        taskboard:bulk_sign taskboard:bulk_report taskboard:ledger_import
        """,
    ),
    (
        OWING | POST,
        """
        floodresponse:incident floodresponse:incident_tracker floodresponse:obligation
        floodresponse:register_remove
        """,
    ),
    (
        POST | DESK,
        """
        floodresponse:station_register floodresponse:station_change floodresponse:plan_corrections
        """,
    ),
    (
        DESK | {"supervisor"},
        """
        taskboard:new_list taskboard:sheet_upload taskboard:add_task
        """,
    ),
    (
        POST | {"publisher"},
        """
        floodresponse:after_action floodresponse:aftermath floodresponse:aftermath_xlsx
        """,
    ),
    (
        POST | {"supervisor"},
        """
        notifications:ledger notifications:ledger_xlsx
        """,
    ),
    (
        DESK,
        """
        events:topic_rules events:topic_rules_csv events:topic_rules_xlsx events:topic_rule_new
        events:topic_rule events:filing_topic events:filing_run events:filing_progress events:new events:edit
        events:versions events:corrections directives:new directives:edit directives:versions
        directives:notices directives:files directives:statuses taskboard:links taskboard:links_csv
        taskboard:links_xlsx gazette:issue_new gazette:issue gazette:issue_pdf gazette:issue_edit
        gazette:desk gazette:desk_csv gazette:names gazette:names_run gazette:merges gazette:merge
        gazette:import_list gazette:import_upload gazette:import_run gazette:import_progress
        """,
    ),
    (
        frozenset({"supervisor", "publisher"}),
        """
        taskboard:bulletin taskboard:bulletin_pdf
        """,
    ),
    (
        OWING,
        """
        taskboard:ledger_row_case taskboard:ledger_row_plan
        """,
    ),
    (
        POST,
        """
        floodresponse:incident_pass_up floodresponse:incident_counting
        floodresponse:board floodresponse:map floodresponse:log floodresponse:log_xlsx
        floodresponse:reading_new floodresponse:readings_import floodresponse:readings_template
        """,
    ),
    (
        frozenset({"supervisor"}),
        """
        taskboard:desk taskboard:desk_xlsx taskboard:today taskboard:ranking taskboard:ranking_xlsx
        taskboard:assessment_xlsx taskboard:weights taskboard:bulletin_new taskboard:bulletin_edit
        taskboard:issue taskboard:bulk_issue taskboard:correct taskboard:notice_pdf
        taskboard:look_back_days taskboard:finding taskboard:inspection_new
        taskboard:inspection_change taskboard:rhythm
        """,
    ),
    (
        frozenset({"commander"}),
        """
        floodresponse:decide_live floodresponse:decide
        """,
    ),
    (
        frozenset({"audit_admin"}),
        """
        audit:index audit:csv audit:xlsx audit:files audit:entry
        """,
    ),
    (
        frozenset({"security_admin"}),
        """
        accounts:people accounts:people_csv accounts:people_xlsx accounts:tokens accounts:tokens_csv
        accounts:tokens_xlsx accounts:person accounts:leave
        """,
    ),
    (
        NOBODY,
        """
        search_saved_add search_saved_open search_saved_change search_saved_remove larger_text shade
        metrics events:topic_rule_remove events:filing_start events:filing_confirm
        events:filing_discard events:correction_step events:revision_step events:event_step
        gazette:merge_step directives:follow directives:unfollow directives:directive_step
        directives:revision_step
        directives:notice_step directives:status_step directives:new_preview directives:preview
        directives:ordered_preview
        taskboard:urge taskboard:links_decide
        taskboard:links_add taskboard:links_propose taskboard:bulletin_recompose
        taskboard:bulletin_step taskboard:store_list taskboard:sheet_confirm
        taskboard:renew_calendar taskboard:personal_feed taskboard:department_feed
        taskboard:ledger_averages_xlsx taskboard:ledger_sign taskboard:ledger_import_confirm
        taskboard:approvals taskboard:approvals_xlsx taskboard:disposals taskboard:disposals_xlsx
        taskboard:ledger_row_step taskboard:listing_new floodresponse:plan_in_force
        floodresponse:plan_correction_step
        floodresponse:action_answer floodresponse:action_call floodresponse:obligation_call
        floodresponse:siren_sounded
        floodresponse:sign_end floodresponse:incident_report floodresponse:incident_grade
        floodresponse:incident_resolve floodresponse:readings_import_confirm
        floodresponse:warning_assess floodresponse:warning_issue floodresponse:warning_lift
        floodresponse:rain_order_give floodresponse:rain_order_end floodresponse:rain_action
        floodresponse:acknowledge floodresponse:watch floodresponse:shift_sign_in floodresponse:swap
        floodresponse:plan_confirm floodresponse:household_check floodresponse:after_action_write
        floodresponse:after_action_pdf floodresponse:after_action_section
        floodresponse:after_action_step floodresponse:aftermath_strike gazette:issue_documents
        gazette:issue_move gazette:issue_corrections gazette:issue_step gazette:import_confirm
        gazette:import_again gazette:import_publish gazette:import_discard notifications:read
        notifications:message notifications:acknowledge notifications:resend
        notifications:contact_add notifications:contact_remove mfa_deactivate_totp
        mfa_view_recovery_codes mfa_download_recovery_codes openid_connect_login
        openid_connect_callback audit:verify audit:file
        security:session_end security:sessions_end security:token_new security:token_revoke
        accounts:sessions_end accounts:token_new accounts:token_revoke accounts:factor_reset
        accounts:verify
        accounts:identity_unbind
        """,
    ),
]
WRITTEN: Doors = [
    (
        EVERYBODY,
        """
        home larger_text shade healthz events:index events:event events:entries_csv
        events:entries_xlsx
        events:year events:month events:month_csv events:month_xlsx events:day organizations:people
        organizations:people_csv organizations:people_xlsx organizations:person
        organizations:departments organizations:departments_csv organizations:departments_xlsx
        organizations:department directives:index directives:directive floodresponse:index
        floodresponse:plan sitemap account_login account_logout
        """,
    ),
    (
        STAFF,
        """
        search_saved_add directives:follow taskboard:index taskboard:mine taskboard:task_list
        taskboard:task_list_csv taskboard:board taskboard:timeline taskboard:matrix
        taskboard:matrix_xlsx taskboard:stages_xlsx taskboard:task_list_xlsx taskboard:list_template
        taskboard:calendar taskboard:calendar_xlsx taskboard:renew_calendar taskboard:move
        taskboard:periodic_report taskboard:workdays taskboard:ledger_row_new
        taskboard:ledger_report taskboard:task taskboard:comment floodresponse:live
        floodresponse:response floodresponse:incidents floodresponse:obligations
        floodresponse:reading floodresponse:shift floodresponse:supply notifications:inbox
        notifications:unread_count notifications:read notifications:settings
        notifications:contact_add account_change_password account_reauthenticate mfa_authenticate
        mfa_reauthenticate mfa_activate_totp mfa_generate_recovery_codes mfa_add_webauthn
        mfa_reauthenticate_webauthn mfa_remove_webauthn mfa_edit_webauthn mfa_login_webauthn
        security:sessions_end security:token_new
        """,
    ),
    (
        DEPARTMENTS | POST,
        """
        floodresponse:mine floodresponse:incident_new floodresponse:warning_new
        floodresponse:warning_file
        floodresponse:roster_import floodresponse:supplies_import floodresponse:supply_new
        floodresponse:register_new floodresponse:register_import
        """,
    ),
    (
        OWING | POST,
        """
        floodresponse:register_edit
        """,
    ),
    (
        DEPARTMENTS,
        """
        taskboard:bulk_sign taskboard:bulk_report taskboard:ledger_import
        taskboard:ledger_import_confirm
        """,
    ),
    (
        POST | DESK,
        """
        floodresponse:plan_in_force floodresponse:station_register floodresponse:station_change
        floodresponse:plan_correction_step
        """,
    ),
    (
        OWING | POST,
        """
        floodresponse:action_answer floodresponse:incident floodresponse:incident_report
        floodresponse:incident_grade floodresponse:incident_resolve floodresponse:incident_tracker
        floodresponse:obligation floodresponse:rain_action floodresponse:acknowledge
        floodresponse:roster_unit floodresponse:shift_sign_in floodresponse:register_remove
        """,
    ),
    (
        DESK | {"supervisor"},
        """
        taskboard:new_list taskboard:store_list taskboard:sheet_upload taskboard:sheet_confirm
        taskboard:add_task taskboard:heating
        """,
    ),
    (
        POST | {"publisher"},
        """
        floodresponse:aftermath
        """,
    ),
    (
        POST | {"supervisor"},
        """
        notifications:ledger notifications:ledger_xlsx
        """,
    ),
    (
        DESK,
        """
        events:topic_rule_new events:topic_rule events:topic_rule_remove events:filing_topic
        events:filing_start events:filing_confirm events:filing_discard events:new events:edit events:versions
        events:corrections events:revision_step events:event_step directives:new
        directives:directive_step directives:edit directives:versions directives:revision_step
        directives:new_preview directives:preview
        directives:notices directives:files directives:statuses taskboard:links_decide
        taskboard:links_add taskboard:links_propose gazette:issue_new gazette:issue_edit
        gazette:issue_documents gazette:issue_move gazette:issue_corrections gazette:issue_step
        gazette:desk gazette:desk_csv gazette:names gazette:merges gazette:import_list
        gazette:import_upload gazette:import_run gazette:import_progress gazette:import_confirm
        gazette:import_again
        gazette:import_discard
        """,
    ),
    (
        OWING,
        """
        taskboard:sign_list taskboard:ledger_row_change taskboard:ledger_row_case
        taskboard:ledger_row_plan taskboard:step
        """,
    ),
    (
        frozenset({"supervisor", "editor"}),
        """
        taskboard:ledger_row_correct
        """,
    ),
    (
        POST,
        """
        floodresponse:incident_pass_up floodresponse:incident_counting floodresponse:reporting_units
        floodresponse:board floodresponse:map floodresponse:log floodresponse:log_xlsx
        floodresponse:action_call floodresponse:obligation_call floodresponse:siren_sounded
        floodresponse:signs
        floodresponse:sign_end floodresponse:reading_new floodresponse:readings_import
        floodresponse:readings_import_confirm floodresponse:warning_assess
        floodresponse:warning_issue floodresponse:warning_lift floodresponse:rain_order_give
        floodresponse:rain_order_end floodresponse:watch floodresponse:plan_confirm
        floodresponse:after_action_write floodresponse:aftermath_strike
        """,
    ),
    (
        frozenset({"supervisor"}),
        """
        taskboard:urge taskboard:weights taskboard:bulletin_new taskboard:bulletin_edit
        taskboard:bulletin_recompose taskboard:bulletin_step taskboard:issue taskboard:bulk_issue
        taskboard:correct taskboard:decide taskboard:inspection_new taskboard:inspection_change
        taskboard:rhythm notifications:resend
        """,
    ),
    (
        frozenset({"commander"}),
        """
        floodresponse:decide_live floodresponse:decide
        """,
    ),
    (
        frozenset({"publisher"}),
        """
        gazette:import_publish
        """,
    ),
    (
        frozenset({"audit_admin"}),
        """
        audit:verify
        """,
    ),
    (
        frozenset({"security_admin"}),
        """
        accounts:sessions_end accounts:token_new accounts:token_revoke accounts:factor_reset
        accounts:identity_unbind accounts:leave accounts:verify
        """,
    ),
    (
        NOBODY,
        """
        directives:ordered_preview
        floodresponse:plan_corrections
        search search_csv search_xlsx search_feed search_saved search_saved_open search_saved_change
        search_saved_remove metrics events:on_this_day events:statistics events:statistics_csv
        events:statistics_xlsx events:person_timeline events:person_timeline_csv
        events:person_timeline_xlsx events:department_timeline events:department_timeline_csv
        events:department_timeline_xlsx events:topic_rules events:topic_rules_csv
        events:topic_rules_xlsx events:filing_run events:filing_progress events:feed events:calendar
        events:correction_step events:bulletin gazette:names_run gazette:merge gazette:merge_step
        directives:table_csv directives:table_xlsx
        directives:feed directives:calendar directives:followed directives:followed_csv
        directives:followed_xlsx directives:unfollow directives:rosters directives:rosters_csv
        directives:rosters_xlsx directives:unresolved directives:unresolved_csv
        directives:unresolved_xlsx directives:notice_step directives:status_step directives:print
        directives:docx taskboard:mine_xlsx taskboard:desk taskboard:desk_xlsx taskboard:today taskboard:links
        taskboard:links_csv taskboard:links_xlsx taskboard:ranking taskboard:ranking_xlsx
        taskboard:assessment_xlsx taskboard:bulletins taskboard:bulletins_xlsx taskboard:bulletin
        taskboard:bulletin_pdf taskboard:report taskboard:stages taskboard:personal_feed
        taskboard:department_feed taskboard:periodic_reports taskboard:ledgers
        taskboard:ledgers_xlsx taskboard:ledger taskboard:ledger_csv taskboard:ledger_xlsx
        taskboard:ledger_averages taskboard:ledger_averages_xlsx taskboard:ledger_sign
        taskboard:approvals taskboard:approvals_xlsx taskboard:disposals taskboard:disposals_xlsx
        taskboard:ledger_reports taskboard:ledger_reports_xlsx taskboard:ledger_row
        taskboard:ledger_row_step taskboard:notice_pdf taskboard:supervision taskboard:look_backs
        taskboard:look_backs_xlsx taskboard:look_back_days taskboard:look_back taskboard:findings
        taskboard:findings_xlsx taskboard:finding taskboard:listings taskboard:listings_xlsx
        taskboard:listing_new taskboard:listing taskboard:inspections taskboard:inspections_xlsx
        taskboard:inspection floodresponse:notice floodresponse:cap floodresponse:cap_message
        floodresponse:losses floodresponse:losses_xlsx floodresponse:reporting_units_xlsx
        floodresponse:incidents_xlsx floodresponse:obligations_xlsx
        floodresponse:readings floodresponse:readings_csv floodresponse:readings_xlsx
        floodresponse:readings_template floodresponse:drill_readings floodresponse:stations
        floodresponse:station floodresponse:warnings floodresponse:warnings_xlsx
        floodresponse:warning_feed floodresponse:warning floodresponse:rain_orders
        floodresponse:rain_order floodresponse:rain_order_xlsx floodresponse:roster
        floodresponse:roster_xlsx floodresponse:roster_month floodresponse:swap
        floodresponse:readiness floodresponse:readiness_xlsx floodresponse:supplies
        floodresponse:supplies_xlsx floodresponse:households floodresponse:households_xlsx
        floodresponse:household_check floodresponse:register floodresponse:register_xlsx
        floodresponse:after_action floodresponse:after_action_pdf floodresponse:after_action_section
        floodresponse:after_action_step floodresponse:aftermath_xlsx gazette:issues
        gazette:issues_xlsx gazette:issue gazette:issue_pdf notifications:message
        notifications:acknowledge notifications:contact_remove foundation:attachment
        account_inactive account_waiting mfa_index mfa_deactivate_totp mfa_view_recovery_codes
        mfa_download_recovery_codes mfa_list_webauthn openid_connect_login openid_connect_callback
        security:own security:session_end security:token_revoke socialaccount_login_cancelled
        accounts:people accounts:people_csv accounts:people_xlsx accounts:tokens accounts:tokens_csv
        accounts:tokens_xlsx accounts:person
        audit:index audit:csv audit:xlsx audit:files audit:file audit:entry
        """,
    ),
]
