from flask import Flask, render_template

app = Flask(__name__)


@app.get("/")
def index():
    return render_template("chat.html", chatkit_url="http://localhost:8000/chatkit", topics=["Rent", "Keys"], greeting="Hello")
