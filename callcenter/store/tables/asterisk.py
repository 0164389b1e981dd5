"""Asterisk's realtime tables for PJSIP, with the columns of Asterisk 22's own schema.

Asterisk reads them by `res_config_pgsql` (sorcery realtime); the product writes all but
`ps_contacts`. Column names and number types follow contrib/ast-db-manage of Asterisk 22 and the
options listed by `config show help res_pjsip`; the many enumerations there are plain text here,
because Asterisk checks the values itself. All columns must exist: Asterisk queries some it was
never given (`mailboxes`).
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, Integer, String, Table, Text

from callcenter.store.tables.base import Base

ENDPOINT_INTEGERS = """
    timers_min_se timers_sess_expires device_state_busy_at t38_udptl_maxdatagram sub_min_expiry
    cos_audio cos_video rtp_keepalive rtp_timeout rtp_timeout_hold fax_detect_timeout
    max_audio_streams max_video_streams rtp_port_start rtp_port_end
""".split()

ENDPOINT_TEXTS = """
    transport aors auth context disallow allow direct_media connected_line_method
    direct_media_method direct_media_glare_mitigation disable_direct_media_on_nat dtmf_mode
    external_media_address force_rport ice_support identify_by mailboxes moh_suggest outbound_auth
    outbound_proxy rewrite_contact rtp_ipv6 rtp_symmetric send_diversion send_pai send_rpid timers
    callerid callerid_privacy callerid_tag 100rel aggregate_mwi trust_id_inbound trust_id_outbound
    use_ptime use_avpf media_encryption inband_progress call_group pickup_group named_call_group
    named_pickup_group fax_detect t38_udptl t38_udptl_ec t38_udptl_nat t38_udptl_ipv6 tone_zone
    language one_touch_recording record_on_feature record_off_feature rtp_engine allow_transfer
    allow_subscribe sdp_owner sdp_session tos_audio tos_video from_domain from_user mwi_from_user
    dtls_verify dtls_rekey dtls_cert_file dtls_private_key dtls_cipher dtls_ca_file dtls_ca_path
    dtls_setup srtp_tag_32 media_address redirect_method set_var message_context force_avp
    media_use_received_transport accountcode user_eq_phone moh_passthrough
    media_encryption_optimistic rpid_immediate g726_non_standard bind_rtp_to_media_address
    voicemail_extension mwi_subscribe_replaces_unsolicited deny permit acl contact_deny
    contact_permit contact_acl subscribe_context contact_user preferred_codec_only
    asymmetric_rtp_codec rtcp_mux allow_overlap refer_blind_progress notify_early_inuse_ringing
    webrtc dtls_fingerprint incoming_mwi_mailbox bundle dtls_auto_generate_cert
    follow_early_media_fork accept_multiple_sdp_answers suppress_q850_reason_headers
    trust_connected_line send_connected_line ignore_183_without_sdp codec_prefs_incoming_offer
    codec_prefs_outgoing_offer codec_prefs_incoming_answer codec_prefs_outgoing_answer stir_shaken
    send_history_info allow_unauthenticated_options t38_bind_udptl_to_media_address
    geoloc_incoming_call_profile geoloc_outgoing_call_profile incoming_call_offer_pref
    outgoing_call_offer_pref stir_shaken_profile security_negotiation security_mechanisms send_aoc
    overlap_context tenantid suppress_moh_on_sendonly follow_redirect_methods
""".split()

AOR_INTEGERS = """
    default_expiration max_contacts minimum_expiration maximum_expiration qualify_frequency
""".split()
AOR_TEXTS = """
    contact mailboxes remove_existing authenticate_qualify outbound_proxy support_path
    voicemail_extension remove_unavailable qualify_2xx_only
""".split()

AUTH_TEXTS = """
    auth_type md5_cred password realm username refresh_token oauth_clientid oauth_secret
    password_digest supported_algorithms_uas supported_algorithms_uac
""".split()

CONTACT_TEXTS = """
    uri outbound_proxy path user_agent reg_server authenticate_qualify via_addr call_id endpoint
    prune_on_boot qualify_2xx_only
""".split()


def _id() -> Column[str]:
    return Column("id", String(255), primary_key=True)


def _texts(names: list[str]) -> list[Column[str]]:
    return [Column(name, Text) for name in names]


def _integers(names: list[str]) -> list[Column[int]]:
    return [Column(name, Integer) for name in names]


ps_endpoints = Table(
    "ps_endpoints",
    Base.metadata,
    _id(),
    *_texts(ENDPOINT_TEXTS),
    *_integers(ENDPOINT_INTEGERS),
)

ps_aors = Table(
    "ps_aors",
    Base.metadata,
    _id(),
    *_texts(AOR_TEXTS),
    *_integers(AOR_INTEGERS),
    Column("qualify_timeout", Float(53)),
    Index("ix_ps_aors_qualify_frequency_contact", "qualify_frequency", "contact"),
)

ps_auths = Table(
    "ps_auths",
    Base.metadata,
    _id(),
    *_texts(AUTH_TEXTS),
    Column("nonce_lifetime", Integer),
)

ps_contacts = Table(
    "ps_contacts",
    Base.metadata,
    _id(),
    *_texts(CONTACT_TEXTS),
    Column("expiration_time", BigInteger),
    Column("qualify_frequency", Integer),
    Column("qualify_timeout", Float(53)),
    Column("via_port", Integer),
    Index("ix_ps_contacts_endpoint", "endpoint"),
    Index("ix_ps_contacts_reg_server", "reg_server"),
)

READ_BY_ASTERISK = (ps_endpoints, ps_aors, ps_auths)
WRITTEN_BY_ASTERISK = (ps_contacts,)
