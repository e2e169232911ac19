#!/usr/bin/env bash
# The main job of an agent with nothing but curl: sign in, take a customer's text, answer it, attach data, complete.
# Usage: curl-tour.sh [SERVER]      SERVER is a demo server, http://localhost:8080 if left out.
set -euo pipefail

server=${1:-http://localhost:8080}
agent=${SMSDESK_TOUR_AGENT:-agent1}
phone=${SMSDESK_TOUR_PHONE:-+15550111}
api=$server/api/v2
cookies=$(mktemp)
trap 'rm -f "$cookies"' EXIT

# say WORDS: what comes next.
say() { printf '\n# %s\n' "$*" >&2; }

# call METHOD URL [BODY]: one request with the session cookie; prints it and its reply, the reply on standard output too.
call() {
    local method=$1 url=$2 body=${3:-} reply
    printf '%s %s %s\n' "$method" "${url#"$server"}" "$body" >&2
    reply=$(curl --silent --show-error --max-time 40 --cookie "$cookies" --cookie-jar "$cookies" \
        --request "$method" --header 'Content-Type: application/json' ${body:+--data "$body"} "$url")
    printf '  %s\n' "$reply" >&2
    printf '%s' "$reply"
}

# operation PATH BODY: an operation has to be answered with statusCode 0.
operation() {
    local reply
    reply=$(call POST "$api$1" "$2")
    [[ $(field "$reply" 'reply["statusCode"]') == 0 ]] || { echo "refused: $reply" >&2; exit 1; }
}

# field JSON EXPRESSION: one value of a reply; the expression sees it as `reply`.
field() { python3 -c 'import json, sys; reply = json.loads(sys.argv[1]); print(eval(sys.argv[2]))' "$1" "$2"; }

# bayeux MESSAGE: one CometD message; its reply is an array: what was delivered, and the answer.
bayeux() { call POST "$api/notifications" "[$1]"; }

say "Which version is it? The only call that needs no login."
call GET "$api/diagnostics/version" >/dev/null

say "Sign in. Basic credentials once; the reply sets the cookie JSESSIONID that all later calls carry."
curl --silent --show-error --fail --max-time 40 --cookie-jar "$cookies" --user "$agent:demo" "$api/me" >&2
echo >&2

say "Listen: handshake, subscribe, and a first connect, which is answered at once."
client=$(field "$(bayeux '{"channel":"/meta/handshake","version":"1.0","supportedConnectionTypes":["long-polling"]}')" 'reply[0]["clientId"]')
bayeux "{\"channel\":\"/meta/subscribe\",\"clientId\":\"$client\",\"subscription\":\"/v2/me/*\"}" >/dev/null
connect="{\"channel\":\"/meta/connect\",\"clientId\":\"$client\",\"connectionType\":\"long-polling\"}"
bayeux "$connect" >/dev/null

say "Take up work: log in to the SMS channel and become ready."
operation /me '{"operationName":"StartContactCenterSession","channels":["smssession"]}'
operation /me/channels/smssession '{"operationName":"Ready"}'

say "A customer writes. Here the phone is the demo's simulator; it could as well be a carrier."
call POST "$server/simulator/messages" "{\"from\":\"$phone\",\"to\":\"+15550100\",\"text\":\"hello, is my parcel on its way?\"}" >/dev/null

say "The offer arrives with the held poll: a session in state Invited."
session=
while [[ -z $session ]]; do
    session=$(field "$(bayeux "$connect")" \
        'next((m["data"]["smssession"]["id"] for m in reply if m.get("data", {}).get("smssession", {}).get("state") == "Invited"), "")')
done

say "Take it, and read what was written."
operation "/me/smssessions/$session" '{"operationName":"Accept","nickname":"Ann"}'
call GET "$api/me/smssessions/$session/messages" >/dev/null

say "Answer. The customer gets it as a text."
operation "/me/smssessions/$session" '{"operationName":"SendMessage","text":"It is. You will have it tomorrow."}'

say "Keep what was found out: attach, change and delete data of the session."
operation "/me/smssessions/$session" '{"operationName":"AttachUserData","userData":{"Parcel":"4711","Mood":"worried"}}'
operation "/me/smssessions/$session" '{"operationName":"UpdateUserData","userData":{"Mood":"relieved"}}'
operation "/me/smssessions/$session" '{"operationName":"DeleteUserData","keys":["Mood"]}'

say "Who is it? The text was enough to find or make the customer."
contact=$(field "$(call GET "$api/me/smssessions/$session")" 'reply["smssession"]["contactId"]')
call GET "$api/ucs/contacts/$contact" >/dev/null

say "Who could help? The directory knows colleagues and queues, and who is ready."
call GET "$api/contacts?filterName=NamesOrPhoneNumberMatches&filterParameters=ben*" >/dev/null

say "Every change was notified, with the complete data."
bayeux "$connect" >/dev/null

say "Say how it ended, and complete it."
operation "/me/smssessions/$session" '{"operationName":"SetDisposition","disposition":"resolved"}'
operation "/me/smssessions/$session" '{"operationName":"Complete"}'

say "This is what the phone has."
call GET "$server/simulator/messages?phone=${phone/+/%2B}" >/dev/null

say "What was there before with this customer? It begins with what has just been completed."
call GET "$api/ucs/contacts/$contact/interactions?fields=*" >/dev/null

say "A break: no offers until Ready is said again."
operation /me/channels/smssession '{"operationName":"NotReady"}'

say "Go home: this ends the login too."
operation /me '{"operationName":"EndContactCenterSession"}'
say "Done."
