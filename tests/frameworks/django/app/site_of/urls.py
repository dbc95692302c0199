from django.shortcuts import render
from django.urls import path


def chat(request):
    return render(request, "chat.html", {"url": "http://localhost:8000/chatkit", "user": "Ada"})


urlpatterns = [path("", chat)]
