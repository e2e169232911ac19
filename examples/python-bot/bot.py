"""A bot for the demo contact centre: answers texts in the queue Support, hands over to a person when asked.

Usage: python bot.py [SERVER]

It signs in as agent3, or with the API key in the environment variable DESK_API_KEY, and works until Ctrl-C.
"""

import asyncio
import contextlib
import os
import sys

from smsdesk.client import Client, Failed, NewMessages, Refused, Session, Snapshot, StatusChange

GREETING = "Hello! I am a machine. Ask for our hours, write 'agent' for a person, or 'bye'."
HOURS = "We are open from Monday to Friday, 9 to 17."
UNKNOWN = "Sorry, I know only our hours. Write 'agent' for a person."
HANDOVER = "A colleague will be with you in a moment."
PEOPLE = "Billing"  # the queue where people answer


async def say(session: Session, text: str) -> None:
    """A text to the customer."""
    await session.send(text)
    print(f"bot: {text}", flush=True)


async def answer(session: Session, text: str) -> None:
    """What the bot does about one text of a customer."""
    words = text.casefold().split()
    if "agent" in words:
        await session.attach({"BotSaid": "the customer wants a person"})
        await session.set_disposition("callback")
        await session.transfer(queue=PEOPLE, text=HANDOVER)
    elif "bye" in words:
        await say(session, "Good bye!")
        await session.set_disposition("resolved")
        await session.complete()
    elif "hours" in words:
        await say(session, HOURS)
    else:
        await say(session, UNKNOWN)


async def work(desk: Client) -> None:
    """Every event comes once and in order, also when the connection broke or the server was started again."""
    async for event in desk.events():
        try:
            match event:
                case Snapshot():
                    # What was on the desk before: offers that nobody has taken yet.
                    for session in list(desk.sessions.values()):
                        if session.state == "Invited":
                            await session.accept("Bot")
                case StatusChange(session=session, state="Invited"):
                    print("offered:", session.customer_number, flush=True)
                    await session.accept("Bot")
                case NewMessages(session=session, messages=messages) if session.state == "Chatting":
                    texts = [message.text or "" for message in messages if message.from_customer]
                    if texts:
                        print(f"{session.customer_number}: {texts[-1]}", flush=True)
                        await greet_or_answer(session, texts[-1])
                case StatusChange(session=session, state="LeftChat"):
                    await session.complete()  # the customer's side is over
                case StatusChange(session=session, state=state):
                    print(state.lower() + ":", session.customer_number, flush=True)
                case Failed(session=session, words=words):
                    await say(session, f"I am afraid that did not work: {words}.")
        except Refused as refused:
            # Somebody was faster, or the customer has gone. Nothing has changed; the next event says more.
            print("refused:", refused, file=sys.stderr, flush=True)


async def greet_or_answer(session: Session, text: str) -> None:
    """The first text is greeted. That it was is kept in the session's data, where a new start finds it."""
    if "BotGreeted" in session.user_data:
        await answer(session, text)
    else:
        await session.attach({"BotGreeted": True})
        await say(session, GREETING)


def client(server: str) -> Client:
    """With an API key where there is one, else with a password."""
    key = os.environ.get("DESK_API_KEY")
    if key:
        return Client(server, api_key=key)
    return Client(server, os.environ.get("DESK_USER", "agent3"), os.environ.get("DESK_PASSWORD", "demo"))


async def main(server: str) -> None:
    """Sign in, take up work, and work."""
    async with client(server) as desk:
        await desk.start(["smssession"])
        await desk.ready()
        print("ready as", desk.user["userName"], flush=True)
        await work(desk)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080"))
