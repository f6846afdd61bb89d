// Every bound of Beadle, with its reason. Sizes in bytes, times in milliseconds unless the name says otherwise.
// What meets a bound is never let through unseen: mail is held or deferred, a file is refused with its place.
#pragma once

#include <cstddef>
#include <cstdint>

namespace beadle::limits {

// Mail. Larger than what council servers accept (Postfix: 10 MB, Microsoft 365: 35 MB); memory is about three times this.
inline constexpr std::size_t message_bytes_max = 50u << 20;
// A header block of real mail is 1 to 30 kB; above this a sender wants to tire us out.
inline constexpr std::size_t header_block_bytes_max = 256u << 10;
inline constexpr std::size_t header_field_bytes_max = 64u << 10;
inline constexpr std::size_t header_fields_max = 2000;
// Parameters of one Content-Type or Content-Disposition; RFC 2231 splits one value into a few at most.
inline constexpr std::size_t header_parameters_max = 200;
// Multipart and message/rfc822 nesting. Long forward chains reach 30.
inline constexpr std::size_t mime_depth_max = 100;
inline constexpr std::size_t mime_parts_max = 1000;
// Addresses read from all header fields together, and from the envelope (Postfix: smtpd_recipient_limit = 1000).
inline constexpr std::size_t header_addresses_max = 5000;
inline constexpr std::size_t envelope_recipients_max = 5000;
inline constexpr std::size_t address_bytes_max = 1000;
// Decoded text that is inspected, all parts together; ten thousand pages.
inline constexpr std::size_t text_bytes_max = 20u << 20;
// Elements open at once in HTML; deeper ones are read as text of the deepest level, never dropped.
inline constexpr std::size_t html_depth_max = 512;
inline constexpr std::size_t zones_per_text_max = 2000;
// Lines of a text that are told apart; a book has ten thousand. The rest is one line, read as the sender's own words.
inline constexpr std::size_t zone_lines_max = 100'000;
// Letters quoted within one text; long chains of replies have fifty.
inline constexpr std::size_t originals_per_text_max = 500;
// A text body that is edited; with the source place of each byte it takes six times this in memory. Longer ones are not texts of people.
inline constexpr std::size_t footer_body_bytes_max = 10u << 20;
// Fields Beadle-Footer, and lines that could be ours, that are compared by digest: an honest message has one of each.
inline constexpr std::size_t footer_marks_max = 8;
// Block elements of HTML at which a line could go; a long letter has hundreds.
inline constexpr std::size_t html_places_max = 20'000;
// Received fields after which a message is going in circles (Postfix: hopcount_limit = 50).
inline constexpr std::size_t received_fields_max = 50;

// What councils edit. A roster of a large district has some hundred people; rule files are read by people.
inline constexpr std::size_t settings_file_bytes_max = 4u << 20;
inline constexpr std::size_t document_depth_max = 32;
inline constexpr std::size_t roster_entries_max = 20000;
// A council has one mail domain, or a few after mergers.
inline constexpr std::size_t council_domains_max = 200;
// A name stands in footers and notices, and every word of a text is held against names of so many words.
inline constexpr std::size_t name_bytes_max = 200;
inline constexpr std::size_t name_words_max = 12;
// Packs and lexicons in one folder: one a council, with room for all of a county.
inline constexpr std::size_t rule_files_max = 1000;
inline constexpr std::size_t patterns_max = 20000;
inline constexpr std::size_t pattern_bytes_max = 2000;
// Weights of words: a table of one cue has some ten thousand rows, learned from some thousand sentences.
inline constexpr std::size_t weights_max = 200'000;
// Words with a vector: a dictionary. A file of them is read into memory whole.
inline constexpr std::size_t vectors_max = 200'000;
inline constexpr std::size_t vectors_file_bytes_max = 32u << 20;
inline constexpr int weight_points_most = 100'000;
inline constexpr std::size_t labelled_sentences_max = 200'000;
// Words of one sentence that are weighed, and bytes of one word: more is no sentence.
inline constexpr std::size_t sentence_words_max = 400;
inline constexpr std::size_t feature_word_bytes_max = 60;
// Sentences, and pairs of them, whose findings are remembered (rules/sentence_memory.h): what a town council writes and quotes in some days. A power of
// two; 4 MB, and 35 MB where somebody means to fill it: eight that share a place have so many findings together, and what has more is judged each time.
inline constexpr std::size_t remembered_sentences_max = 131'072;
inline constexpr std::size_t remembered_findings_max = 64;
// Texts of documents that are remembered (intake/document_memory.h), of one and of all: the papers of a council's last meetings.
inline constexpr std::size_t remembered_document_bytes_max = 1 << 20;
inline constexpr std::size_t remembered_documents_bytes_max = 8 << 20;
// Memory of the automata for all patterns together; they grow only where text needs it, and begin anew when full.
inline constexpr std::int64_t pattern_set_memory_bytes_max = 128ll << 20;
// A pattern with its {names} replaced, and names within names: more than this is a list that stands for itself.
inline constexpr std::size_t pattern_expanded_bytes_max = 40'000;
inline constexpr int pattern_names_depth_max = 8;
// Neighbouring sentences in which the patterns of a form may stand; beyond a paragraph they belong together only by chance.
inline constexpr int form_sentences_most = 5;
// Findings and evidence kept of one message: what a reviewer can read.
inline constexpr std::size_t evidence_per_finding_max = 10;
inline constexpr std::size_t evidence_bytes_max = 400;
// A sentence longer than this is cut: nobody wrote it, and a cue within it would be an accident.
inline constexpr std::size_t sentence_bytes_max = 4000;

// Milter. Postfix sends bodies in pieces of 64 kB; one byte of command more. Anything longer is not a mail server.
inline constexpr std::size_t milter_packet_bytes_max = 1u << 20;
inline constexpr std::size_t milter_macros_max = 200;
inline constexpr std::size_t connections_max = 200;
// Bytes of messages that all connections hold together; over it new mail is deferred.
inline constexpr std::size_t connections_bytes_max = 512u << 20;
// Postfix gives a filter 300 s for content; we give up far earlier and ask for a second try.
inline constexpr std::int64_t milter_read_timeout_ms = 7200'000;  // idle connections are kept: Postfix reuses them
inline constexpr std::int64_t milter_packet_timeout_ms = 60'000;   // but a packet once begun must end
inline constexpr std::int64_t milter_write_timeout_ms = 60'000;
inline constexpr std::int64_t stop_timeout_ms = 20'000;
// Last words to who may not come in: a line, for which a new connection has room. Those behind it wait so long at most.
inline constexpr std::int64_t refusal_timeout_ms = 500;

// SMTP client (releases). RFC 5321 §4.5.3.2, shortened: the next hop is our own mail server.
inline constexpr std::int64_t smtp_connect_timeout_ms = 30'000;
inline constexpr std::int64_t smtp_command_timeout_ms = 300'000;
inline constexpr std::int64_t smtp_data_timeout_ms = 600'000;
inline constexpr std::int64_t smtp_quit_timeout_ms = 5'000;  // nothing depends on the reply to QUIT
inline constexpr std::size_t smtp_reply_line_bytes_max = 2000;
inline constexpr std::size_t smtp_reply_lines_max = 200;
// Of a reply's words, what is logged or shown: what a person can read.
inline constexpr std::size_t smtp_reply_words_bytes_max = 1000;
// Mechanisms of AUTH that are remembered; servers offer four or five.
inline constexpr std::size_t smtp_auth_mechanisms_max = 50;

// SMTP as a server. RFC 5321 §4.5.3.1: lines of commands and replies with their ends, domains. MAIL and RCPT have room for parameters besides: DSN
// alone adds 613 bytes (RFC 3461 §4), and an address may be long.
inline constexpr std::size_t smtp_command_bytes_max = 2048;
inline constexpr std::size_t smtp_short_command_bytes_max = 512;
inline constexpr std::size_t smtp_said_line_bytes_max = 512;
inline constexpr std::size_t smtp_domain_bytes_max = 255;
// RFC 1870 §3, RFC 3461 §4.2 and §4.4, and what Postfix takes of an attribute (XFORWARD_README).
inline constexpr std::size_t smtp_size_digits_max = 20;
inline constexpr std::size_t smtp_orcpt_bytes_max = 500;
inline constexpr std::size_t smtp_envid_bytes_max = 100;
inline constexpr std::size_t smtp_xforward_value_bytes_max = 255;

// SMTP door.
// Commands and mistakes of one connection: a mail server that reuses one sends some hundred messages over it; who errs so often guesses.
inline constexpr std::size_t smtp_commands_max = 10'000;
inline constexpr std::size_t smtp_errors_max = 20;
inline constexpr std::size_t smtp_connections_max = 2000;
inline constexpr std::size_t smtp_connections_per_host_max = 100;
// RFC 5321 §4.5.3.2.7 asks for 5 minutes between commands; a line once begun, a handshake and a whole message have times of their own.
inline constexpr std::int64_t smtp_server_command_timeout_ms = 300'000;
inline constexpr std::int64_t smtp_server_line_timeout_ms = 60'000;
inline constexpr std::int64_t smtp_server_data_timeout_ms = 600'000;
inline constexpr std::int64_t smtp_server_write_timeout_ms = 60'000;
// A message above this goes to a file while it comes in: most mail is smaller, and a thousand slow clients then hold no more than memory for this.
inline constexpr std::size_t smtp_spool_memory_bytes_max = 64u << 10;
// Connections to the next hop that wait for the next message: Postfix closes them after 300 s, others sooner.
inline constexpr std::size_t smtp_hops_waiting_most = 20;
inline constexpr std::int64_t smtp_hop_idle_ms = 60'000;

// Release: first retry soon, then ever longer, up to an hour between tries.
inline constexpr std::int64_t release_retry_first_ms = 30'000;
inline constexpr std::int64_t release_retry_most_ms = 3'600'000;

// Notices. A template is a page; what is shown of a mail in one is enough to know it by, and a notice of any mail fits on two screens.
inline constexpr std::size_t notice_template_bytes_max = 64u << 10;
inline constexpr std::size_t notice_subject_bytes_max = 150;
inline constexpr std::size_t notice_evidence_bytes_max = 200;
inline constexpr std::size_t notice_evidence_most = 3;
inline constexpr std::size_t notice_findings_most = 10;
inline constexpr std::size_t notice_recipients_most = 10;
inline constexpr std::size_t notice_words_bytes_max = 4000;
// A returned mail goes as attachment of a notice; with it the notice must stay below what mail servers take (Postfix: 10 MB).
inline constexpr std::size_t notice_attachment_bytes_max = 8u << 20;
// Releases, and notices, that are worked off before the loop looks again whether it has to stop; the store is asked for so many.
inline constexpr std::size_t deliver_batch_most = 20;
inline constexpr std::int64_t deliver_pause_ms = 1'000;

// The record of earlier correspondence: Message-IDs of References that are looked up (RFC 5322 §3.6.4 sets no bound).
inline constexpr std::size_t references_max = 50;
// Fingerprints of one mail that are kept or looked up: three words of text each, so some thirty pages.
inline constexpr std::size_t fingerprints_max = 5'000;
// A run of words that stands in so many marked mails is a form of words, and gives nothing away.
inline constexpr std::size_t fingerprint_mails_most = 3;
// Shared fingerprints from which a passage counts; below the second, it is too short to hold a mail for.
inline constexpr std::size_t passage_fingerprints_least = 2;
inline constexpr std::size_t passage_fingerprints_sure = 5;

// Reminders. A period of a protocol is days or weeks; nobody is reminded after three years. No bank holidays follow each other for a month.
inline constexpr int period_days_most = 1000;
inline constexpr int holidays_in_a_row_most = 31;
// Open reminders that one mail is held against, and mails of one thread that are remembered: people write some twenty.
inline constexpr std::size_t reminders_of_mail_max = 50;
inline constexpr std::size_t reminder_mails_max = 200;
// Own words of so many bytes, two pages, say more than that an answer will follow; they are not looked through for it.
inline constexpr std::size_t substance_bytes_max = 4'000;
// A purge looks once a day: what is kept a day too long harms nobody.
inline constexpr std::int64_t purge_pause_ms = 24ll * 3'600'000;
// Retention in days: ten years are longer than any council has a reason for.
inline constexpr std::int64_t retention_days_most = 3'660;

// SQLite waits this long for another process (the command line) before it says busy.
inline constexpr int store_busy_timeout_ms = 5'000;
// The write-ahead log is cut back to this after a large mail made it grow.
inline constexpr std::int64_t store_journal_bytes_max = 64ll << 20;
// A notice is given up when it is older: RFC 5321 §4.5.4.1 lets mail servers try for four to five days.
inline constexpr std::int64_t notice_age_most_ms = 5ll * 24 * 3'600'000;
// Rows of the audit trail that are read under one lock while it is proved.
inline constexpr std::size_t audit_rows_per_page = 500;

// Documents (attachments that are read by the sandboxed child). First what one of them inflates to, pictures not counted, and what all that one
// attachment holds inflates to together (an archive of archives). A tree of XML takes several times its text, and has to fit the memory below.
inline constexpr std::size_t document_inflated_bytes_max = 50u << 20;
inline constexpr std::size_t document_inflated_total_bytes_max = 100u << 20;
// Deflate reaches 1,032 : 1 on nothing but zeros, and of 24 office documents of others the most was 33 : 1. Looked at only once so much came out.
inline constexpr std::size_t document_ratio_most = 250;
inline constexpr std::size_t document_ratio_bytes_least = 10u << 20;
// Entries of all archives within one attachment; a workbook has one for each sheet and some dozen besides.
inline constexpr std::size_t document_entries_max = 5000;
// Elements open at once in XML; the most in those documents was 19, and tables within tables add some six each. Counted before a tree is built.
inline constexpr std::size_t document_xml_depth_max = 512;
// Groups open at once in RTF; each remembers some bytes, and people's documents have a dozen.
inline constexpr std::size_t document_rtf_depth_max = 1000;
// Documents within documents: a letter in a workbook in a zip in a forwarded message is four.
inline constexpr std::size_t document_nesting_max = 5;
inline constexpr std::size_t document_pages_max = 5000;
// Text of one document, at 2 to 3 kB a page. Then texts and messages that are handed back as they are, each.
inline constexpr std::size_t document_text_bytes_max = 5u << 20;
inline constexpr std::size_t document_text_bytes_least = 64u << 10;  // what a council may set: the first pages still have to fit
inline constexpr std::size_t document_raw_bytes_max = 16u << 20;
// What the child may say altogether: as much text as is inspected of a mail, a message within, and names.
inline constexpr std::size_t document_output_bytes_max = 40u << 20;
inline constexpr std::size_t document_frames_max = 50'000;
inline constexpr std::size_t document_detail_bytes_max = 300;
// A member's name and its path (archive/folder/name …); longer ones are shortened, they are only shown.
inline constexpr std::size_t document_name_bytes_max = 400;
inline constexpr std::size_t document_path_bytes_max = 3000;
// Lines that count as the first page where a document does not say where its pages end; A4 holds forty.
inline constexpr std::size_t document_first_page_lines = 40;
inline constexpr std::size_t document_first_rows = 20;
// The child's memory (its libraries take 55 MB of address space before it reads), processor and wall-clock time. A page of PDF takes 1 to 2 ms, so the
// most pages just fit; a document that takes longer is not one that people wait for.
inline constexpr std::size_t document_memory_bytes_max = 1u << 30;
inline constexpr std::size_t document_memory_bytes_least = 128u << 20;  // what a council may set: documents of 100 kB need up to 64 MB
inline constexpr unsigned document_cpu_seconds_max = 10;
inline constexpr std::int64_t document_wall_clock_ms = 15'000;
// Until the program that reads documents has loaded its libraries and brought forth a reader.
inline constexpr std::int64_t document_start_ms_max = 5'000;
// All documents of one mail together, unless a council says otherwise; the mail server waits for 120 s at most (config/postfix/main.cf).
inline constexpr std::int64_t documents_of_mail_ms = 30'000;
inline constexpr std::int64_t documents_of_mail_ms_most = 100'000;
// Less time than this reads nothing on a busy machine.
inline constexpr std::int64_t document_time_ms_least = 1'000;

// Review page. Browsers send a kilobyte of header; forms carry a few fields and a reviewer's words.
inline constexpr std::size_t web_header_bytes_max = 16u << 10;
inline constexpr std::size_t web_body_bytes_max = 128u << 10;
inline constexpr std::size_t web_form_fields_max = 100;
inline constexpr std::size_t web_connections_max = 512;
// Requests by one connection; then it is closed, so that none lasts for ever.
inline constexpr std::size_t web_requests_per_connection_max = 200;
// Passwords: shorter ones are guessed (NCSC: three random words have more), longer ones only cost time.
inline constexpr std::size_t password_characters_least = 12;
inline constexpr std::size_t password_bytes_max = 1000;
// Failed tries in a quarter of an hour: of one name, and from one address, behind which a whole town hall may sit.
inline constexpr std::int64_t sign_in_window_ms = 15 * 60'000;
inline constexpr std::int64_t sign_in_failures_of_account_max = 5;
inline constexpr std::int64_t sign_in_failures_of_host_max = 30;
// Argon2id takes 64 MB and a tenth of a second: as many at once as that.
inline constexpr std::size_t sign_ins_at_once_max = 4;
// A working morning without a click; a working day in all.
inline constexpr std::int64_t session_idle_ms = 30 * 60'000;
inline constexpr std::int64_t session_age_ms = 10 * 3600'000;
inline constexpr std::size_t account_name_bytes_max = 64;
inline constexpr std::size_t accounts_max = 1000;
// What a reviewer or sender writes into a form.
inline constexpr std::size_t desk_words_bytes_max = 10'000;
inline constexpr std::size_t notes_per_held_max = 500;
// Rows of a page, and words of a search.
inline constexpr std::size_t page_rows_max = 200;
inline constexpr std::size_t search_words_max = 12;
inline constexpr std::size_t search_words_per_held_max = 2'000;
// Of one message, what the page shows of its text; the rest is in the download.
inline constexpr std::size_t shown_text_bytes_max = 512u << 10;
inline constexpr std::size_t shown_html_bytes_max = 2u << 20;
// HTML elements within each other that are shown; deeper ones are left out with their text kept.
inline constexpr std::size_t shown_html_depth_max = 200;
// Rows of one export of the register.
inline constexpr std::size_t export_rows_max = 1'000'000;
// Numbers smaller than this could tell who it was (Office for National Statistics: counts below 5 are suppressed).
inline constexpr std::int64_t small_number_max = 4;
// A link in a notice: long enough for a fortnight's leave.
inline constexpr std::int64_t link_age_ms = 21ll * 24 * 3600'000;

}  // namespace beadle::limits
