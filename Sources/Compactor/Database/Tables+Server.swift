// The tables of what happened to the server itself, with or without a mission: its own events, what
// was decided about who may come in, what its scripts were asked to do. A row's key is the record that
// it was made of, so the same log leaves the same rows whenever it is compacted.
// The notation is explained in Tables.swift.

let serverTables = #"""
    table server_events
    log_id                    text!           : the log's id, as in missions
    sequence                  bigint!         : the record's number in its log
    time                      time!           : when the server told
    event                     text!           : doubleId, connected, disconnected, hacked, different, unsigned, kicked, check, chat, note
    subject                   text!           : the event; of a note what it notes (connected, kicked, admin, present, …)
    user_id                   text            : the user's id on the server; NULL: none
    is_exact_id               boolean!        : false: the game sent a rounded number, user_id was matched with it or is that number
    candidates                json            : the ids that such a number can mean when there are several, as a list
    player_uid                text            : Steam id, when the log tells it for this id
    player_name               text            : as player_uid
    kick_type                 integer         : kicked: 0 timeout, 1 disconnected, 2 kicked, 3 banned, 4 missing addon, …
    message                   text            : kicked: the reason; chat: what was said
    file                      text            : hacked, different, unsigned: the file
    arguments                 json!           : as the game passed them, a list of texts
    mission_name              text            : the mission that ran; NULL: none
    key log_id sequence
    index player_uid time                     : "what happened to a player"
    index log_id user_id sequence             : player_visits

    table gate_decisions
    log_id                    text!           : as in server_events
    sequence                  bigint!         : as in server_events
    time                      time!           : when the player was told
    user_id                   text            : the player's id on the server
    player_uid                text            : Steam id, when the gate was told it
    player_name               text            : as player_uid
    result                    text            : accept or refuse
    reason                    text            : why; a refused player saw it
    decided_by                text            : script, rule, no_listener, timeout, max_wait, overload
    wait_seconds              double          : how long the player had waited
    polls                     integer         : how often the game had asked
    mission_name              text            : as in server_events
    rule                      text            : id of the rule that decided; NULL: none did
    key log_id sequence
    index log_id user_id sequence             : player_visits

    table admin_commands
    log_id                    text!           : as in server_events
    sequence                  bigint!         : of the record with which it was asked or refused
    time                      time!           : when
    ticket                    integer         : its number in this log; NULL: refused
    verb                      text!           : kick, ban, lock, …
    arguments                 json!           : a list of texts
    asked_by                  text            : script, rule (a server event), or client (refused; verb is the command that its script called)
    status                    text!           : refused, unconfirmed, asked, ok, fail, unknown, unanswered
    reply                     text            : why it was refused, or what the script said
    answered_time             time            : when the script reported, or was given up
    mission_name              text            : as in server_events
    key log_id sequence
    """#
