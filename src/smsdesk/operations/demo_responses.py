"""The standard responses of the demo contact centre, in two languages (SPEC 7.3)."""

from smsdesk.core.draft import Draft
from smsdesk.core.responses import Category, Response, Status

CATEGORIES = (
    ("English", "Answers in English", "English"),
    ("English/Delivery", "Parcels and their whereabouts", ""),
    ("Español", "Respuestas en español", "Spanish"),
    ("Español/Entrega", "Paquetes y su paradero", ""),
)
RESPONSES = (
    ("Greeting", "English", "Hello <$Contact.FirstName|there$>, this is <$Agent.NickName$>. How can I help?"),
    ("Closing", "English", "Thank you for writing to us. Have a good day! <$Agent.NickName$>"),
    ("Parcel on its way", "English/Delivery", "Your parcel is on its way and should arrive within two days."),
    (
        "Saludo",
        "Español",
        "Hola <$Contact.FirstName|y bienvenido$>, soy <$Agent.NickName$>. ¿En qué puedo ayudarle?",
    ),
    ("Despedida", "Español", "Gracias por escribirnos. ¡Que tenga un buen día! <$Agent.NickName$>"),
    ("Paquete en camino", "Español/Entrega", "Su paquete está en camino y llegará en un plazo de dos días."),
)
DRAFT = ("Refund", "English", "We will refund you, <$Contact.FullName|dear customer$>: <$Interaction.Id$>")


def provision_responses(draft: Draft) -> None:
    """Put them there, unless there are some already."""
    if draft.centre.records.get("category") or draft.centre.records.get("response"):
        return
    for name, description, language in CATEGORIES:
        category = Category(draft.ids.user(), name, description, language, modified=draft.now)
        draft.put("category", category.id, category)
    for name, folder, text in (*RESPONSES, DRAFT):
        status: Status = "NotApproved" if name == DRAFT[0] else "Approved"
        made = Response(draft.ids.user(), name, folder, text, status=status, modified=draft.now)
        draft.put("response", made.id, made)
