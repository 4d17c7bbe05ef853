<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
  <context>
    <name>voiceassist</name>
    <message>
      <source>&amp;Commands</source>
      <translation>&amp;Befehle</translation>
    </message>
    <message>
      <source>&amp;History</source>
      <translation>&amp;Verlauf</translation>
    </message>
    <message>
      <source>&amp;Models</source>
      <translation>&amp;Modelle</translation>
    </message>
    <message>
      <source>&amp;Speak</source>
      <translation>&amp;Sprechen</translation>
    </message>
    <message>
      <source>'data' of intent '{name}'</source>
      <translation>'data' des Befehls '{name}'</translation>
    </message>
    <message>
      <source>'{char}' cannot begin a value</source>
      <translation>ein Wert kann nicht mit '{char}' beginnen</translation>
    </message>
    <message>
      <source>'{char}' closes nothing</source>
      <translation>'{char}' schließt nichts</translation>
    </message>
    <message>
      <source>'{char}' where '{wanted}' must close '{opening}'</source>
      <translation>'{char}' steht, wo '{wanted}' die Klammer '{opening}' schließen muss</translation>
    </message>
    <message>
      <source>'{key}' must be a whole number of up to nine digits</source>
      <translation>'{key}' muss eine ganze Zahl mit höchstens neun Ziffern sein</translation>
    </message>
    <message>
      <source>'{key}' of list '{name}'</source>
      <translation>'{key}' der Liste '{name}'</translation>
    </message>
    <message>
      <source>'{name}' appears twice in {what}</source>
      <translation>'{name}' steht zweimal da ({what})</translation>
    </message>
    <message>
      <source>'{name}' has {count} numbers, more than {most}</source>
      <translation>'{name}' hat {count} Zahlen, mehr als {most}</translation>
    </message>
    <message>
      <source>'{name}' is not a range</source>
      <translation>'{name}' ist kein Zahlenbereich</translation>
    </message>
    <message>
      <source>'{opening}' is never closed</source>
      <translation>'{opening}' wird nie geschlossen</translation>
    </message>
    <message>
      <source>'{words}' cannot be pronounced in English</source>
      <translation>'{words}' lässt sich nicht englisch aussprechen</translation>
    </message>
    <message>
      <source>'{{*{written}}}' is for sentences</source>
      <translation>'{{*{written}}}' gehört in Sätze</translation>
    </message>
    <message>
      <source>'{{{name}}}' is free text, which cannot be part of a list's value</source>
      <translation>'{{{name}}}' ist freier Text und kann nicht Teil eines Listenwerts sein</translation>
    </message>
    <message>
      <source>(about the same)</source>
      <translation>(etwa gleich)</translation>
    </message>
    <message>
      <source>(heard: “{words}”)</source>
      <translation>(gehört: „{words}“)</translation>
    </message>
    <message>
      <source>(no name)</source>
      <translation>(ohne Namen)</translation>
    </message>
    <message>
      <source>({times} times less)</source>
      <translation>({times}-mal weniger)</translation>
    </message>
    <message>
      <source>({times} times more)</source>
      <translation>({times}-mal mehr)</translation>
    </message>
    <message>
      <source>.</source>
      <translation>,</translation>
    </message>
    <message>
      <source>1 day</source>
      <translation>1 Tag</translation>
    </message>
    <message>
      <source>1 hour</source>
      <translation>1 Stunde</translation>
    </message>
    <message>
      <source>1 minute</source>
      <translation>1 Minute</translation>
    </message>
    <message>
      <source>1 more file needs lists or rules of these: {names}</source>
      <translation>1 weitere Datei braucht Listen oder Regeln aus diesen: {names}</translation>
    </message>
    <message>
      <source>1 second</source>
      <translation>1 Sekunde</translation>
    </message>
    <message>
      <source>2 seconds of speech take {time}.</source>
      <translation>2 Sekunden Sprache brauchen {time}.</translation>
    </message>
    <message>
      <source>? Question</source>
      <translation>? Frage</translation>
    </message>
    <message>
      <source>A command</source>
      <translation>Ein Befehl</translation>
    </message>
    <message>
      <source>A command file has a mistake. What was good before stays in use; the Commands page says more.</source>
      <translation>Eine Befehlsdatei hat einen Fehler. Was vorher gut war, gilt weiter; die Seite „Befehle“ sagt mehr.</translation>
    </message>
    <message>
      <source>A command file wants to do this, and you have not agreed to it yet:</source>
      <translation>Eine Befehlsdatei möchte dies tun, und Sie haben es noch nicht erlaubt:</translation>
    </message>
    <message>
      <source>A model is a chain of blocks through which the sound passes. A shared model passes it through one and the same block again and again, so it needs only a fraction of the file and the memory; the computing stays the same.</source>
      <translation>Ein Modell ist eine Kette von Blöcken, durch die der Ton läuft. Ein geteiltes Modell schickt ihn immer wieder durch denselben Block und braucht darum nur einen Bruchteil von Datei und Speicher; gerechnet wird gleich viel.</translation>
    </message>
    <message>
      <source>A new line.</source>
      <translation>Eine neue Zeile.</translation>
    </message>
    <message>
      <source>A new paragraph.</source>
      <translation>Ein neuer Absatz.</translation>
    </message>
    <message>
      <source>A new tab.</source>
      <translation>Ein neuer Tab.</translation>
    </message>
    <message>
      <source>A short click listens for one command</source>
      <translation>Ein kurzer Klick hört auf einen Befehl</translation>
    </message>
    <message>
      <source>About</source>
      <translation>Über</translation>
    </message>
    <message>
      <source>Acting</source>
      <translation>Ausführen</translation>
    </message>
    <message>
      <source>Added to your {list} list: {item}</source>
      <translation>Zur Liste „{list}“ hinzugefügt: {item}</translation>
    </message>
    <message>
      <source>Address</source>
      <translation>Adresse</translation>
    </message>
    <message>
      <source>After a command go on listening</source>
      <translation>Nach einem Befehl weiter zuhören</translation>
    </message>
    <message>
      <source>All is well: this microphone hears you clearly.</source>
      <translation>Alles gut: Dieses Mikrofon hört Sie deutlich.</translation>
    </message>
    <message>
      <source>All items are back on your {list} list.</source>
      <translation>Alles steht wieder auf der Liste „{list}“.</translation>
    </message>
    <message>
      <source>All steps that can be undone are undone.</source>
      <translation>Alle Schritte, bei denen das geht, sind rückgängig gemacht.</translation>
    </message>
    <message>
      <source>All the time, but only to what begins with the wake phrase</source>
      <translation>Immer, aber nur auf das, was mit dem Weckwort beginnt</translation>
    </message>
    <message>
      <source>All the time: whatever I say can be a command</source>
      <translation>Immer: Was ich sage, kann ein Befehl sein</translation>
    </message>
    <message>
      <source>All {layers} layers are run. Move the dial to run fewer: quicker, and less sure.</source>
      <translation>Alle {layers} Schichten werden gerechnet. Mit weniger geht es schneller und unsicherer: Schieben Sie den Regler.</translation>
    </message>
    <message>
      <source>Allow</source>
      <translation>Erlauben</translation>
    </message>
    <message>
      <source>Already on your {list} list: {item}</source>
      <translation>Steht schon auf der Liste „{list}“: {item}</translation>
    </message>
    <message>
      <source>An alarm rings {when}.</source>
      <translation>Ein Wecker klingelt {when}.</translation>
    </message>
    <message>
      <source>Application</source>
      <translation>Anwendung</translation>
    </message>
    <message>
      <source>April</source>
      <translation>April</translation>
    </message>
    <message>
      <source>As the desktop</source>
      <translation>Wie der Desktop</translation>
    </message>
    <message>
      <source>Asleep: say “wake up”, or press the key</source>
      <translation>Ich schlafe: Sagen Sie „wake up“, oder drücken Sie die Taste</translation>
    </message>
    <message>
      <source>At the end.</source>
      <translation>Am Ende.</translation>
    </message>
    <message>
      <source>At the top.</source>
      <translation>Am Anfang.</translation>
    </message>
    <message>
      <source>August</source>
      <translation>August</translation>
    </message>
    <message>
      <source>Back</source>
      <translation>Zurück</translation>
    </message>
    <message>
      <source>Back on your {list} list: {item}</source>
      <translation>Wieder auf der Liste „{list}“: {item}</translation>
    </message>
    <message>
      <source>Back to its normal size: {name}.</source>
      <translation>Wieder in normaler Größe: {name}.</translation>
    </message>
    <message>
      <source>Back to the previous one</source>
      <translation>Zurück zum vorigen</translation>
    </message>
    <message>
      <source>Backspace</source>
      <translation>Rücktaste</translation>
    </message>
    <message>
      <source>Begins a new line.</source>
      <translation>Beginnt eine neue Zeile.</translation>
    </message>
    <message>
      <source>Begins a new paragraph.</source>
      <translation>Beginnt einen neuen Absatz.</translation>
    </message>
    <message>
      <source>Blocks</source>
      <translation>Blöcke</translation>
    </message>
    <message>
      <source>Bluetooth</source>
      <translation>Bluetooth</translation>
    </message>
    <message>
      <source>Brightness is at {percent} % again.</source>
      <translation>Helligkeit wieder bei {percent} %.</translation>
    </message>
    <message>
      <source>Brightness is at {percent} %.</source>
      <translation>Helligkeit bei {percent} %.</translation>
    </message>
    <message>
      <source>Brings the window of an application to the front.</source>
      <translation>Holt das Fenster einer Anwendung nach vorn.</translation>
    </message>
    <message>
      <source>Browse…</source>
      <translation>Durchsuchen …</translation>
    </message>
    <message>
      <source>Can I hear you?</source>
      <translation>Kann ich Sie hören?</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <source>Carry out what is understood</source>
      <translation>Ausführen, was verstanden wurde</translation>
    </message>
    <message>
      <source>Changes between the dark and the light look of the desktop.</source>
      <translation>Wechselt zwischen dunklem und hellem Aussehen des Desktops.</translation>
    </message>
    <message>
      <source>Check all commands</source>
      <translation>Alle Befehle prüfen</translation>
    </message>
    <message>
      <source>Check all…</source>
      <translation>Alle prüfen …</translation>
    </message>
    <message>
      <source>Check the folder {folder} and the space on the disk.</source>
      <translation>Prüfen Sie den Ordner {folder} und den freien Platz.</translation>
    </message>
    <message>
      <source>Check the space on the disk, or switch the history off in Settings.</source>
      <translation>Prüfen Sie den freien Platz, oder schalten Sie den Verlauf in den Einstellungen ab.</translation>
    </message>
    <message>
      <source>Choose a program</source>
      <translation>Ein Programm wählen</translation>
    </message>
    <message>
      <source>Clear</source>
      <translation>Leeren</translation>
    </message>
    <message>
      <source>Clear the history</source>
      <translation>Verlauf leeren</translation>
    </message>
    <message>
      <source>Clear the history…</source>
      <translation>Verlauf leeren …</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>Schließen</translation>
    </message>
    <message>
      <source>Close without saving</source>
      <translation>Schließen ohne Speichern</translation>
    </message>
    <message>
      <source>Close without saving what you have changed?</source>
      <translation>Schließen, ohne Ihre Änderungen zu speichern?</translation>
    </message>
    <message>
      <source>Closed {name}.</source>
      <translation>{name} ist geschlossen.</translation>
    </message>
    <message>
      <source>Closes all windows of an application, which may ask whether to save.</source>
      <translation>Schließt alle Fenster einer Anwendung; sie fragt vielleicht, ob gespeichert werden soll.</translation>
    </message>
    <message>
      <source>Closes the tab; undo opens it again in a browser.</source>
      <translation>Schließt den Tab; im Browser öffnet „Rückgängig“ ihn wieder.</translation>
    </message>
    <message>
      <source>Closes the window in front, which may ask whether to save.</source>
      <translation>Schließt das vorderste Fenster; es fragt vielleicht, ob gespeichert werden soll.</translation>
    </message>
    <message>
      <source>Commands</source>
      <translation>Befehle</translation>
    </message>
    <message>
      <source>Commands ({pattern})</source>
      <translation>Befehle ({pattern})</translation>
    </message>
    <message>
      <source>Confidence</source>
      <translation>Sicherheit</translation>
    </message>
    <message>
      <source>Copied the output.</source>
      <translation>Die Ausgabe ist kopiert.</translation>
    </message>
    <message>
      <source>Copied.</source>
      <translation>Kopiert.</translation>
    </message>
    <message>
      <source>Copied. Change the copy with Edit.</source>
      <translation>Kopiert. Ändern Sie die Kopie mit „Ändern“.</translation>
    </message>
    <message>
      <source>Copies what is selected.</source>
      <translation>Kopiert, was ausgewählt ist.</translation>
    </message>
    <message>
      <source>Copy</source>
      <translation>Kopieren</translation>
    </message>
    <message>
      <source>Ctrl</source>
      <translation>Strg</translation>
    </message>
    <message>
      <source>Cut out.</source>
      <translation>Ausgeschnitten.</translation>
    </message>
    <message>
      <source>Cuts out what is selected.</source>
      <translation>Schneidet aus, was ausgewählt ist.</translation>
    </message>
    <message>
      <source>Dark</source>
      <translation>Dunkel</translation>
    </message>
    <message>
      <source>Dark mode</source>
      <translation>Dunkles Aussehen</translation>
    </message>
    <message>
      <source>December</source>
      <translation>Dezember</translation>
    </message>
    <message>
      <source>Default</source>
      <translation>Vorgabe</translation>
    </message>
    <message>
      <source>Del</source>
      <translation>Entf</translation>
    </message>
    <message>
      <source>Delete</source>
      <translation>Löschen</translation>
    </message>
    <message>
      <source>Deleted {file}.</source>
      <translation>{file} ist gelöscht.</translation>
    </message>
    <message>
      <source>Deletes the word before the cursor.</source>
      <translation>Löscht das Wort vor der Schreibmarke.</translation>
    </message>
    <message>
      <source>Depth: how many layers are run</source>
      <translation>Tiefe: wie viele Schichten gerechnet werden</translation>
    </message>
    <message>
      <source>Details</source>
      <translation>Einzelheiten</translation>
    </message>
    <message>
      <source>Details of the chosen model</source>
      <translation>Einzelheiten zum gewählten Modell</translation>
    </message>
    <message>
      <source>Did you mean</source>
      <translation>Meinten Sie</translation>
    </message>
    <message>
      <source>Did you mean this?</source>
      <translation>Meinten Sie das?</translation>
    </message>
    <message>
      <source>Dismiss</source>
      <translation>Schließen</translation>
    </message>
    <message>
      <source>Do it again</source>
      <translation>Noch einmal tun</translation>
    </message>
    <message>
      <source>Do not disturb</source>
      <translation>„Nicht stören“</translation>
    </message>
    <message>
      <source>Do not run</source>
      <translation>Nicht ausführen</translation>
    </message>
    <message>
      <source>Do: {command}</source>
      <translation>Tun: {command}</translation>
    </message>
    <message>
      <source>Does it understand you?</source>
      <translation>Versteht es Sie?</translation>
    </message>
    <message>
      <source>Does the last action once more.</source>
      <translation>Führt die letzte Aktion noch einmal aus.</translation>
    </message>
    <message>
      <source>Done.</source>
      <translation>Erledigt.</translation>
    </message>
    <message>
      <source>Down</source>
      <translation>Pfeil ab</translation>
    </message>
    <message>
      <source>Each model names its own licence and sources on the Models page.</source>
      <translation>Jedes Modell nennt seine eigene Lizenz und seine Quellen auf der Seite „Modelle“.</translation>
    </message>
    <message>
      <source>Edit…</source>
      <translation>Ändern …</translation>
    </message>
    <message>
      <source>End</source>
      <translation>Ende</translation>
    </message>
    <message>
      <source>Ends what is ringing, to ring again in five minutes or when you say.</source>
      <translation>Beendet, was klingelt; es klingelt in fünf Minuten oder nach der genannten Zeit wieder.</translation>
    </message>
    <message>
      <source>Ends what is ringing.</source>
      <translation>Beendet, was klingelt.</translation>
    </message>
    <message>
      <source>Ends your session.</source>
      <translation>Meldet ab.</translation>
    </message>
    <message>
      <source>Enter</source>
      <translation>Eingabe</translation>
    </message>
    <message>
      <source>Everything is selected.</source>
      <translation>Alles ist ausgewählt.</translation>
    </message>
    <message>
      <source>Export mine…</source>
      <translation>Eigene ausgeben …</translation>
    </message>
    <message>
      <source>Export my commands</source>
      <translation>Eigene Befehle ausgeben</translation>
    </message>
    <message>
      <source>February</source>
      <translation>Februar</translation>
    </message>
    <message>
      <source>File</source>
      <translation>Datei</translation>
    </message>
    <message>
      <source>Find a command</source>
      <translation>Einen Befehl finden</translation>
    </message>
    <message>
      <source>Find in the history</source>
      <translation>Im Verlauf suchen</translation>
    </message>
    <message>
      <source>Finish</source>
      <translation>Fertig</translation>
    </message>
    <message>
      <source>First steps…</source>
      <translation>Erste Schritte …</translation>
    </message>
    <message>
      <source>For one command after I press the button or the key</source>
      <translation>Für einen Befehl, wenn ich Knopf oder Taste drücke</translation>
    </message>
    <message>
      <source>Forget everything that stands here?</source>
      <translation>Alles vergessen, was hier steht?</translation>
    </message>
    <message>
      <source>Forget it</source>
      <translation>Vergessen</translation>
    </message>
    <message>
      <source>Friday</source>
      <translation>Freitag</translation>
    </message>
    <message>
      <source>Full screen: {name}.</source>
      <translation>Vollbild: {name}.</translation>
    </message>
    <message>
      <source>Getting ready…</source>
      <translation>Gleich bereit …</translation>
    </message>
    <message>
      <source>Gives a timer more time.</source>
      <translation>Verlängert einen Timer.</translation>
    </message>
    <message>
      <source>Gives the window in front its usual size again.</source>
      <translation>Gibt dem vordersten Fenster seine übliche Größe zurück.</translation>
    </message>
    <message>
      <source>Go on editing</source>
      <translation>Weiter bearbeiten</translation>
    </message>
    <message>
      <source>Goes back to the page or folder before, or forward again.</source>
      <translation>Geht zur vorigen Seite oder zum vorigen Ordner zurück oder wieder vor.</translation>
    </message>
    <message>
      <source>Goes back to the piece before.</source>
      <translation>Geht zum vorigen Titel zurück.</translation>
    </message>
    <message>
      <source>Goes on playing.</source>
      <translation>Spielt weiter.</translation>
    </message>
    <message>
      <source>Goes to the next piece of music or video.</source>
      <translation>Geht zum nächsten Titel oder Video.</translation>
    </message>
    <message>
      <source>Goes to the next tab, or to the one before.</source>
      <translation>Geht zum nächsten oder zum vorigen Tab.</translation>
    </message>
    <message>
      <source>Goes to the next window.</source>
      <translation>Geht zum nächsten Fenster.</translation>
    </message>
    <message>
      <source>Goes to the tab of a number.</source>
      <translation>Geht zum Tab mit einer Nummer.</translation>
    </message>
    <message>
      <source>Goes to the window that you name by its title.</source>
      <translation>Geht zum Fenster mit dem genannten Titel.</translation>
    </message>
    <message>
      <source>Goes up or down by one screen, to the beginning or to the end.</source>
      <translation>Geht eine Bildschirmseite auf oder ab, zum Anfang oder zum Ende.</translation>
    </message>
    <message>
      <source>Good night.</source>
      <translation>Gute Nacht.</translation>
    </message>
    <message>
      <source>Halts all timers.</source>
      <translation>Hält alle Timer an.</translation>
    </message>
    <message>
      <source>Here are your notes.</source>
      <translation>Hier sind die Notizen.</translation>
    </message>
    <message>
      <source>Hide window</source>
      <translation>Fenster verbergen</translation>
    </message>
    <message>
      <source>Hides all windows, so that the desktop can be seen.</source>
      <translation>Blendet alle Fenster aus, sodass der Desktop zu sehen ist.</translation>
    </message>
    <message>
      <source>High contrast</source>
      <translation>Hoher Kontrast</translation>
    </message>
    <message>
      <source>History</source>
      <translation>Verlauf</translation>
    </message>
    <message>
      <source>Hold the button below, or the key, say it, and let go.</source>
      <translation>Halten Sie den Knopf oder die Taste, sagen Sie es, und lassen Sie los.</translation>
    </message>
    <message>
      <source>Hold the button or {key} and speak</source>
      <translation>Halten Sie den Knopf oder {key} und sprechen Sie</translation>
    </message>
    <message>
      <source>Hold the button while you speak</source>
      <translation>Halten Sie den Knopf, während Sie sprechen</translation>
    </message>
    <message>
      <source>Hold while you speak; with the keyboard, hold the space bar.</source>
      <translation>Halten, während Sie sprechen; mit der Tastatur die Leertaste halten.</translation>
    </message>
    <message>
      <source>Holds back notifications, or lets them through again.</source>
      <translation>Hält Benachrichtigungen zurück oder lässt sie wieder durch.</translation>
    </message>
    <message>
      <source>Home</source>
      <translation>Pos1</translation>
    </message>
    <message>
      <source>How long to go on listening after a command</source>
      <translation>Wie lange nach einem Befehl weiter zugehört wird</translation>
    </message>
    <message>
      <source>How many layers are run</source>
      <translation>Wie viele Schichten gerechnet werden</translation>
    </message>
    <message>
      <source>How to listen</source>
      <translation>Zuhören</translation>
    </message>
    <message>
      <source>I am asleep. Say “wake up”, or press the key, and I listen again.</source>
      <translation>Ich schlafe. Auf „wake up“ oder einen Druck auf die Taste höre ich wieder zu.</translation>
    </message>
    <message>
      <source>I am listening.</source>
      <translation>Ich höre zu.</translation>
    </message>
    <message>
      <source>I did not catch that</source>
      <translation>Das habe ich nicht verstanden</translation>
    </message>
    <message>
      <source>I did nothing. The log file may say why.</source>
      <translation>Ich habe nichts getan. Vielleicht steht im Protokoll, warum.</translation>
    </message>
    <message>
      <source>I heard a word like “not” or “don't”, so I did nothing.</source>
      <translation>Ich habe ein Wort wie „not“ oder „don't“ gehört und darum nichts getan.</translation>
    </message>
    <message>
      <source>I heard no words</source>
      <translation>Ich habe keine Wörter gehört</translation>
    </message>
    <message>
      <source>I heard nothing. Check on the Microphone page that the right microphone is chosen and that its level moves.</source>
      <translation>Ich habe nichts gehört. Prüfen Sie auf der Seite „Mikrofon“, ob das richtige gewählt ist und der Pegel sich bewegt.</translation>
    </message>
    <message>
      <source>I heard speech, but no command that I know. The Commands page lists them all.</source>
      <translation>Ich habe Sprache gehört, aber keinen Befehl, den ich kenne. Die Seite „Befehle“ zeigt alle.</translation>
    </message>
    <message>
      <source>I heard “{words}”. What did you say?</source>
      <translation>Ich habe „{words}“ gehört. Was haben Sie gesagt?</translation>
    </message>
    <message>
      <source>I heard: “{words}”</source>
      <translation>Ich habe gehört: „{words}“</translation>
    </message>
    <message>
      <source>I know no such command</source>
      <translation>Diesen Befehl kenne ich nicht</translation>
    </message>
    <message>
      <source>I meant…</source>
      <translation>Ich meinte …</translation>
    </message>
    <message>
      <source>I remind you {when}: {text}</source>
      <translation>Erinnerung {when}: {text}</translation>
    </message>
    <message>
      <source>I understood it, but the value is out of range.</source>
      <translation>Ich habe es verstanden, aber der Wert liegt außerhalb der Grenzen.</translation>
    </message>
    <message>
      <source>I understood it, but this command is not allowed here.</source>
      <translation>Ich habe es verstanden, aber dieser Befehl ist hier nicht erlaubt.</translation>
    </message>
    <message>
      <source>I was not sure enough to act. Please say it again.</source>
      <translation>Ich war mir nicht sicher genug. Bitte sagen Sie es noch einmal.</translation>
    </message>
    <message>
      <source>Import commands</source>
      <translation>Befehle einlesen</translation>
    </message>
    <message>
      <source>Import…</source>
      <translation>Einlesen …</translation>
    </message>
    <message>
      <source>In the files</source>
      <translation>In den Dateien</translation>
    </message>
    <message>
      <source>In the folder</source>
      <translation>Im Ordner</translation>
    </message>
    <message>
      <source>In the way: I did not hear “{words}”.</source>
      <translation>Im Weg: „{words}“ habe ich nicht gehört.</translation>
    </message>
    <message>
      <source>In the way: I heard “{words}”, which is not in that command.</source>
      <translation>Im Weg: Ich habe „{words}“ gehört, das in diesem Befehl nicht vorkommt.</translation>
    </message>
    <message>
      <source>In the way: the words came out unclear.</source>
      <translation>Im Weg: Die Wörter waren undeutlich.</translation>
    </message>
    <message>
      <source>Insert</source>
      <translation>Einfg</translation>
    </message>
    <message>
      <source>Install a model</source>
      <translation>Ein Modell einspielen</translation>
    </message>
    <message>
      <source>Install model…</source>
      <translation>Modell einspielen …</translation>
    </message>
    <message>
      <source>It cannot be read.</source>
      <translation>Es lässt sich nicht lesen.</translation>
    </message>
    <message>
      <source>It has about as much to compute: 2 seconds of speech take {time}.</source>
      <translation>Zu rechnen hat es etwa gleich viel: 2 Sekunden Sprache brauchen {time}.</translation>
    </message>
    <message>
      <source>It is as it was.</source>
      <translation>Alles ist wie vorher.</translation>
    </message>
    <message>
      <source>It is written like this:</source>
      <translation>So ist er geschrieben:</translation>
    </message>
    <message>
      <source>It is {days} until {date}.</source>
      <translation>Noch {days} bis {date}.</translation>
    </message>
    <message>
      <source>It is {time}.</source>
      <translation>Es ist {time} Uhr.</translation>
    </message>
    <message>
      <source>It is {time}: your alarm.</source>
      <translation>Es ist {time} Uhr: der Wecker.</translation>
    </message>
    <message>
      <source>It is {time}: your {name} alarm.</source>
      <translation>Es ist {time} Uhr: der Wecker „{name}“.</translation>
    </message>
    <message>
      <source>It rings again in {duration}.</source>
      <translation>Es klingelt in {duration} wieder.</translation>
    </message>
    <message>
      <source>It rings while voiceassist is running.</source>
      <translation>Es klingelt, solange voiceassist läuft.</translation>
    </message>
    <message>
      <source>Its files are deleted. To have it again, install it again.</source>
      <translation>Seine Dateien werden gelöscht. Um es wieder zu haben, spielen Sie es wieder ein.</translation>
    </message>
    <message>
      <source>January</source>
      <translation>Januar</translation>
    </message>
    <message>
      <source>July</source>
      <translation>Juli</translation>
    </message>
    <message>
      <source>June</source>
      <translation>Juni</translation>
    </message>
    <message>
      <source>Keep a history, on this computer only</source>
      <translation>Einen Verlauf führen, nur auf diesem Rechner</translation>
    </message>
    <message>
      <source>Keep it</source>
      <translation>Behalten</translation>
    </message>
    <message>
      <source>Kept as an example of what you say.</source>
      <translation>Als Beispiel dafür behalten, was Sie sagen.</translation>
    </message>
    <message>
      <source>Key combination that works in every window</source>
      <translation>Tastenkombination, die in jedem Fenster gilt</translation>
    </message>
    <message>
      <source>Key in this window</source>
      <translation>Taste in diesem Fenster</translation>
    </message>
    <message>
      <source>Keys</source>
      <translation>Tasten</translation>
    </message>
    <message>
      <source>Keys that work in every window</source>
      <translation>Tasten, die in jedem Fenster gehen</translation>
    </message>
    <message>
      <source>Language (from the next start on)</source>
      <translation>Sprache (ab dem nächsten Start)</translation>
    </message>
    <message>
      <source>Language of the window</source>
      <translation>Sprache des Fensters</translation>
    </message>
    <message>
      <source>Large: {blocks} blocks of its own</source>
      <translation>Groß: {blocks} eigene Blöcke</translation>
    </message>
    <message>
      <source>Larger.</source>
      <translation>Größer.</translation>
    </message>
    <message>
      <source>Left</source>
      <translation>Pfeil links</translation>
    </message>
    <message>
      <source>Left alone, as you wished.</source>
      <translation>Gelassen, wie Sie es wollten.</translation>
    </message>
    <message>
      <source>Left: one block that is used {layers} times. Right: {layers} blocks, each used once.</source>
      <translation>Links: ein Block, der {layers}-mal benutzt wird. Rechts: {layers} Blöcke, jeder einmal benutzt.</translation>
    </message>
    <message>
      <source>Lets halted timers run on.</source>
      <translation>Lässt angehaltene Timer weiterlaufen.</translation>
    </message>
    <message>
      <source>Lets the window in front fill the left or right half of the screen.</source>
      <translation>Legt das vorderste Fenster auf die linke oder rechte Hälfte des Bildschirms.</translation>
    </message>
    <message>
      <source>Lets the window in front fill the screen.</source>
      <translation>Maximiert das vorderste Fenster.</translation>
    </message>
    <message>
      <source>Lets the window in front fill the whole screen, or ends that.</source>
      <translation>Schaltet für das vorderste Fenster das Vollbild ein oder aus.</translation>
    </message>
    <message>
      <source>Level</source>
      <translation>Pegel</translation>
    </message>
    <message>
      <source>Licence</source>
      <translation>Lizenz</translation>
    </message>
    <message>
      <source>Light</source>
      <translation>Hell</translation>
    </message>
    <message>
      <source>Line {line}: {problem}</source>
      <translation>Zeile {line}: {problem}</translation>
    </message>
    <message>
      <source>Listen all the time</source>
      <translation>Immer zuhören</translation>
    </message>
    <message>
      <source>Listen for a command</source>
      <translation>Auf einen Befehl hören</translation>
    </message>
    <message>
      <source>Listening</source>
      <translation>Ich höre zu</translation>
    </message>
    <message>
      <source>Listening again…</source>
      <translation>Ich höre noch einmal hin …</translation>
    </message>
    <message>
      <source>Listening: I hear you</source>
      <translation>Ich höre Sie</translation>
    </message>
    <message>
      <source>Listens again.</source>
      <translation>Hört wieder zu.</translation>
    </message>
    <message>
      <source>Load</source>
      <translation>Laden</translation>
    </message>
    <message>
      <source>Loading it anew.</source>
      <translation>Wird neu geladen.</translation>
    </message>
    <message>
      <source>Loads the page anew.</source>
      <translation>Lädt die Seite neu.</translation>
    </message>
    <message>
      <source>Locks the screen.</source>
      <translation>Sperrt den Bildschirm.</translation>
    </message>
    <message>
      <source>Log</source>
      <translation>Protokoll</translation>
    </message>
    <message>
      <source>Logging out.</source>
      <translation>Abmeldung läuft.</translation>
    </message>
    <message>
      <source>Look again</source>
      <translation>Noch einmal suchen</translation>
    </message>
    <message>
      <source>Look at these: what sounds alike, what means two things, and what cannot be done here.</source>
      <translation>Einen Blick wert: was ähnlich klingt, was zweierlei bedeutet und was hier nicht geht.</translation>
    </message>
    <message>
      <source>Looking for sentences that sound alike…</source>
      <translation>Suche Sätze, die ähnlich klingen …</translation>
    </message>
    <message>
      <source>MB of memory</source>
      <translation>MB Speicher</translation>
    </message>
    <message>
      <source>MB on disk</source>
      <translation>MB auf der Platte</translation>
    </message>
    <message>
      <source>Made again.</source>
      <translation>Wiederhergestellt.</translation>
    </message>
    <message>
      <source>Made from</source>
      <translation>Gemacht aus</translation>
    </message>
    <message>
      <source>Makes everything in the window larger or smaller, or shows it in its usual size.</source>
      <translation>Zeigt alles im Fenster größer, kleiner oder in üblicher Größe.</translation>
    </message>
    <message>
      <source>Makes it louder by a tenth.</source>
      <translation>Macht es um ein Zehntel lauter.</translation>
    </message>
    <message>
      <source>Makes it quieter by a tenth.</source>
      <translation>Macht es um ein Zehntel leiser.</translation>
    </message>
    <message>
      <source>Makes the change again that was taken back last.</source>
      <translation>Stellt die zuletzt rückgängig gemachte Änderung wieder her.</translation>
    </message>
    <message>
      <source>Makes the screen brighter by a tenth.</source>
      <translation>Macht den Bildschirm um ein Zehntel heller.</translation>
    </message>
    <message>
      <source>Makes the screen darker by a tenth.</source>
      <translation>Macht den Bildschirm um ein Zehntel dunkler.</translation>
    </message>
    <message>
      <source>March</source>
      <translation>März</translation>
    </message>
    <message>
      <source>Maximized {name}.</source>
      <translation>{name} ist maximiert.</translation>
    </message>
    <message>
      <source>May</source>
      <translation>Mai</translation>
    </message>
    <message>
      <source>May this command do this?</source>
      <translation>Darf dieser Befehl das tun?</translation>
    </message>
    <message>
      <source>Measure on this machine</source>
      <translation>Auf diesem Rechner messen</translation>
    </message>
    <message>
      <source>Measure the models on this machine to see here what sharing saves, and what it does not.</source>
      <translation>Messen Sie die Modelle auf diesem Rechner, um hier zu sehen, was das Teilen spart und was nicht.</translation>
    </message>
    <message>
      <source>Measured here: {shared} against {unshared}.</source>
      <translation>Hier gemessen: {shared} gegen {unshared}.</translation>
    </message>
    <message>
      <source>Measured in training</source>
      <translation>Beim Training gemessen</translation>
    </message>
    <message>
      <source>Measuring {model} in fresh processes</source>
      <translation>{model} wird in eigenen Prozessen gemessen</translation>
    </message>
    <message>
      <source>Measuring…</source>
      <translation>Es wird gemessen …</translation>
    </message>
    <message>
      <source>Memory</source>
      <translation>Speicher</translation>
    </message>
    <message>
      <source>Memory that this model adds to the program, measured here</source>
      <translation>Speicher, den dieses Modell zum Programm dazutut, hier gemessen</translation>
    </message>
    <message>
      <source>Menu</source>
      <translation>Menü</translation>
    </message>
    <message>
      <source>Mi&amp;crophone</source>
      <translation>Mi&amp;krofon</translation>
    </message>
    <message>
      <source>Microphone</source>
      <translation>Mikrofon</translation>
    </message>
    <message>
      <source>Microphone level</source>
      <translation>Pegel des Mikrofons</translation>
    </message>
    <message>
      <source>Middle: {blocks} shared blocks</source>
      <translation>Mittel: {blocks} geteilte Blöcke</translation>
    </message>
    <message>
      <source>Minimized {name}.</source>
      <translation>{name} ist minimiert.</translation>
    </message>
    <message>
      <source>Missed at {time}, {ago} ago: {what}</source>
      <translation>Verpasst um {time}, vor {ago}: {what}</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>Modell</translation>
    </message>
    <message>
      <source>Models</source>
      <translation>Modelle</translation>
    </message>
    <message>
      <source>Models ({pattern})</source>
      <translation>Modelle ({pattern})</translation>
    </message>
    <message>
      <source>Monday</source>
      <translation>Montag</translation>
    </message>
    <message>
      <source>Moves forward or back within what is playing, by ten seconds unless you say how far.</source>
      <translation>Springt in dem, was spielt, vor oder zurück: zehn Sekunden oder so weit wie gesagt.</translation>
    </message>
    <message>
      <source>Moves your alarm to another time.</source>
      <translation>Stellt den Wecker auf eine andere Zeit.</translation>
    </message>
    <message>
      <source>My command</source>
      <translation>Mein Befehl</translation>
    </message>
    <message>
      <source>My commands</source>
      <translation>Meine Befehle</translation>
    </message>
    <message>
      <source>My commands folder</source>
      <translation>Mein Befehlsordner</translation>
    </message>
    <message>
      <source>Name</source>
      <translation>Name</translation>
    </message>
    <message>
      <source>Nearest commands</source>
      <translation>Die nächsten Befehle</translation>
    </message>
    <message>
      <source>New command…</source>
      <translation>Neuer Befehl …</translation>
    </message>
    <message>
      <source>Next</source>
      <translation>Weiter</translation>
    </message>
    <message>
      <source>No</source>
      <translation>Nein</translation>
    </message>
    <message>
      <source>No alarm is set.</source>
      <translation>Kein Wecker ist gestellt.</translation>
    </message>
    <message>
      <source>No command reads like this.</source>
      <translation>Kein Befehl lautet so.</translation>
    </message>
    <message>
      <source>No command reads like this. The Commands page lists them all.</source>
      <translation>Kein Befehl lautet so. Die Seite „Befehle“ zeigt alle.</translation>
    </message>
    <message>
      <source>No history is kept: what stands here is forgotten when the program ends. Settings changes that.</source>
      <translation>Es wird kein Verlauf geführt: Was hier steht, ist vergessen, wenn das Programm endet. Das ändern Sie in den Einstellungen.</translation>
    </message>
    <message>
      <source>No longer full screen: {name}.</source>
      <translation>Kein Vollbild mehr: {name}.</translation>
    </message>
    <message>
      <source>No model is loaded: typed commands work. Choose a model on the Models page</source>
      <translation>Kein Modell ist geladen: Getippte Befehle gehen. Wählen Sie ein Modell auf der Seite „Modelle“</translation>
    </message>
    <message>
      <source>No reminder is set.</source>
      <translation>Es gibt keine Erinnerung.</translation>
    </message>
    <message>
      <source>No step applies here.</source>
      <translation>Kein Schritt passt hier.</translation>
    </message>
    <message>
      <source>No timer is running.</source>
      <translation>Kein Timer läuft.</translation>
    </message>
    <message>
      <source>No, leave it</source>
      <translation>Nein, lassen</translation>
    </message>
    <message>
      <source>None: click, then press keys</source>
      <translation>Keine: klicken, dann Tasten drücken</translation>
    </message>
    <message>
      <source>Not every command can be carried out here: {what}. The Commands page says more.</source>
      <translation>Nicht jeder Befehl lässt sich hier ausführen: {what}. Die Seite „Befehle“ sagt mehr.</translation>
    </message>
    <message>
      <source>Not now: Settings says to listen all the time.</source>
      <translation>Jetzt nicht: Laut Einstellungen wird ständig zugehört.</translation>
    </message>
    <message>
      <source>Not saved</source>
      <translation>Nicht gespeichert</translation>
    </message>
    <message>
      <source>Not tried yet</source>
      <translation>Noch nicht probiert</translation>
    </message>
    <message>
      <source>Noted: {text}</source>
      <translation>Notiert: {text}</translation>
    </message>
    <message>
      <source>Nothing is done.</source>
      <translation>Nichts geschieht.</translation>
    </message>
    <message>
      <source>Nothing is playing.</source>
      <translation>Gerade spielt nichts.</translation>
    </message>
    <message>
      <source>Nothing stands out: no sentence that was tried sounds like another command, and none has two meanings.</source>
      <translation>Nichts fällt auf: Kein Satz, der probiert wurde, klingt wie ein anderer Befehl, und keiner bedeutet zweierlei.</translation>
    </message>
    <message>
      <source>Nothing was allowed so far. You are always asked first.</source>
      <translation>Bisher wurde nichts erlaubt. Sie werden immer erst gefragt.</translation>
    </message>
    <message>
      <source>Nothing was done</source>
      <translation>Nichts wurde getan</translation>
    </message>
    <message>
      <source>November</source>
      <translation>November</translation>
    </message>
    <message>
      <source>Now it stays open, so that the first syllable is not lost; what it hears is forgotten at once.</source>
      <translation>Jetzt bleibt es offen, damit die erste Silbe nicht verloren geht; was es hört, wird sofort vergessen.</translation>
    </message>
    <message>
      <source>October</source>
      <translation>Oktober</translation>
    </message>
    <message>
      <source>Of phrases spoken by people whom the model never heard, so many were understood. Measured in training</source>
      <translation>So viele Sätze von Menschen, die das Modell nie gehört hat, wurden verstanden. Beim Training gemessen</translation>
    </message>
    <message>
      <source>On the left half: {name}.</source>
      <translation>Auf der linken Hälfte: {name}.</translation>
    </message>
    <message>
      <source>On the right half: {name}.</source>
      <translation>Auf der rechten Hälfte: {name}.</translation>
    </message>
    <message>
      <source>On your {list} list: {items}.</source>
      <translation>Auf der Liste „{list}“: {items}.</translation>
    </message>
    <message>
      <source>One page down.</source>
      <translation>Eine Seite ab.</translation>
    </message>
    <message>
      <source>One page up.</source>
      <translation>Eine Seite auf.</translation>
    </message>
    <message>
      <source>One sentence a line. Words in [brackets] may be left out, (one|another) is either.</source>
      <translation>Ein Satz je Zeile. Wörter in [Klammern] können fehlen, (eins|das andere) ist beides möglich.</translation>
    </message>
    <message>
      <source>One step back.</source>
      <translation>Einen Schritt zurück.</translation>
    </message>
    <message>
      <source>One step forward.</source>
      <translation>Einen Schritt vor.</translation>
    </message>
    <message>
      <source>Only while I hold the button or the key</source>
      <translation>Nur solange ich den Knopf oder die Taste halte</translation>
    </message>
    <message>
      <source>Open</source>
      <translation>Öffnen</translation>
    </message>
    <message>
      <source>Open a web page</source>
      <translation>Eine Webseite öffnen</translation>
    </message>
    <message>
      <source>Open an application</source>
      <translation>Eine Anwendung öffnen</translation>
    </message>
    <message>
      <source>Open in another program</source>
      <translation>In einem anderen Programm öffnen</translation>
    </message>
    <message>
      <source>Open it again, and change what is there now.</source>
      <translation>Öffnen Sie sie erneut und ändern Sie, was jetzt darin steht.</translation>
    </message>
    <message>
      <source>Open it in another program.</source>
      <translation>Öffnen Sie sie in einem anderen Programm.</translation>
    </message>
    <message>
      <source>Open log</source>
      <translation>Protokoll öffnen</translation>
    </message>
    <message>
      <source>Open settings folder</source>
      <translation>Einstellungsordner öffnen</translation>
    </message>
    <message>
      <source>Open the microphone only while I hold the key</source>
      <translation>Das Mikrofon nur öffnen, während ich die Taste halte</translation>
    </message>
    <message>
      <source>Open {file}</source>
      <translation>{file} öffnen</translation>
    </message>
    <message>
      <source>Opened {name}.</source>
      <translation>{name} ist geöffnet.</translation>
    </message>
    <message>
      <source>Opens a new tab.</source>
      <translation>Öffnet einen neuen Tab.</translation>
    </message>
    <message>
      <source>Opens a well-known site in your browser.</source>
      <translation>Öffnet eine bekannte Website im Browser.</translation>
    </message>
    <message>
      <source>Opens an installed application.</source>
      <translation>Öffnet eine installierte Anwendung.</translation>
    </message>
    <message>
      <source>Opens one of your folders in the file manager.</source>
      <translation>Öffnet einen der eigenen Ordner in der Dateiverwaltung.</translation>
    </message>
    <message>
      <source>Opens the notes in your editor.</source>
      <translation>Öffnet die Notizen im Texteditor.</translation>
    </message>
    <message>
      <source>Opens the print dialog of the window.</source>
      <translation>Öffnet den Druckdialog des Fensters.</translation>
    </message>
    <message>
      <source>Opens the search in the page or document.</source>
      <translation>Öffnet die Suche in der Seite oder im Dokument.</translation>
    </message>
    <message>
      <source>Opens the tab again that was closed last.</source>
      <translation>Öffnet den zuletzt geschlossenen Tab wieder.</translation>
    </message>
    <message>
      <source>Or click one, or type a command below.</source>
      <translation>Oder klicken Sie einen an, oder tippen Sie unten einen Befehl.</translation>
    </message>
    <message>
      <source>Or did you mean</source>
      <translation>Oder meinten Sie</translation>
    </message>
    <message>
      <source>Page Down</source>
      <translation>Bild ab</translation>
    </message>
    <message>
      <source>Page Up</source>
      <translation>Bild auf</translation>
    </message>
    <message>
      <source>Pasted.</source>
      <translation>Eingefügt.</translation>
    </message>
    <message>
      <source>Pastes what was copied.</source>
      <translation>Fügt ein, was kopiert wurde.</translation>
    </message>
    <message>
      <source>Pause listening</source>
      <translation>Zuhören anhalten</translation>
    </message>
    <message>
      <source>Pauses what is playing.</source>
      <translation>Hält an, was spielt.</translation>
    </message>
    <message>
      <source>Phrases understood: {percent} %</source>
      <translation>Sätze verstanden: {percent} %</translation>
    </message>
    <message>
      <source>Phrases understood: {percent} % of {count}</source>
      <translation>Sätze verstanden: {percent} % von {count}</translation>
    </message>
    <message>
      <source>Play short sounds: listening, understood, not understood</source>
      <translation>Kurze Töne spielen: höre zu, verstanden, nicht verstanden</translation>
    </message>
    <message>
      <source>Plays in random order, or in the usual one.</source>
      <translation>Spielt in zufälliger oder in üblicher Reihenfolge.</translation>
    </message>
    <message>
      <source>Press keys</source>
      <translation>Tasten drücken</translation>
    </message>
    <message>
      <source>Press keys… (Escape: none)</source>
      <translation>Tasten drücken … (Escape: keine)</translation>
    </message>
    <message>
      <source>Press the button and say a command as you would say it later, for example “set the volume to forty percent”. I listen for a few seconds.</source>
      <translation>Drücken Sie den Knopf und sagen Sie einen Befehl so, wie Sie ihn später sagen würden, zum Beispiel „set the volume to forty percent“. Ich höre ein paar Sekunden lang zu.</translation>
    </message>
    <message>
      <source>Press the button or {key} and speak</source>
      <translation>Drücken Sie den Knopf oder {key} und sprechen Sie</translation>
    </message>
    <message>
      <source>Press, then speak; press again to end at once.</source>
      <translation>Drücken, dann sprechen; noch einmal drücken, um sofort zu enden.</translation>
    </message>
    <message>
      <source>Pressed {keys} {count} times.</source>
      <translation>{count}-mal gedrückt: {keys}.</translation>
    </message>
    <message>
      <source>Pressed {keys}.</source>
      <translation>Gedrückt: {keys}.</translation>
    </message>
    <message>
      <source>Presses a key, such as enter, escape or page down.</source>
      <translation>Drückt eine Taste, etwa „enter“, „escape“ oder „page down“.</translation>
    </message>
    <message>
      <source>Print</source>
      <translation>Druck</translation>
    </message>
    <message>
      <source>Problem</source>
      <translation>Fehler</translation>
    </message>
    <message>
      <source>Program and what it is given</source>
      <translation>Programm und was es bekommt</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>Fortschritt</translation>
    </message>
    <message>
      <source>Progress of the measurement</source>
      <translation>Fortschritt der Messung</translation>
    </message>
    <message>
      <source>Push to talk</source>
      <translation>Sprechknopf</translation>
    </message>
    <message>
      <source>Push-to-talk key</source>
      <translation>Sprechtaste</translation>
    </message>
    <message>
      <source>Put back</source>
      <translation>Zurückholen</translation>
    </message>
    <message>
      <source>Puts the computer to sleep.</source>
      <translation>Versetzt den Computer in den Ruhezustand.</translation>
    </message>
    <message>
      <source>Puts the last answer on the clipboard.</source>
      <translation>Legt die letzte Antwort in die Zwischenablage.</translation>
    </message>
    <message>
      <source>Puts the window in front out of sight.</source>
      <translation>Minimiert das vorderste Fenster.</translation>
    </message>
    <message>
      <source>Quit</source>
      <translation>Beenden</translation>
    </message>
    <message>
      <source>Read answers out loud</source>
      <translation>Antworten vorlesen</translation>
    </message>
    <message>
      <source>Read it aloud now.</source>
      <translation>Lesen Sie es jetzt vor.</translation>
    </message>
    <message>
      <source>Ready</source>
      <translation>Bereit</translation>
    </message>
    <message>
      <source>Record</source>
      <translation>Aufnehmen</translation>
    </message>
    <message>
      <source>Reminder: {text}</source>
      <translation>Erinnerung: {text}</translation>
    </message>
    <message>
      <source>Reminds you of something, after a time or at the next one; five on another day is in the afternoon, a day alone is at nine.</source>
      <translation>Erinnert an etwas, nach einer Dauer oder zu einer Uhrzeit; fünf Uhr an einem anderen Tag ist nachmittags, ein Tag allein ist um neun.</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>Entfernen</translation>
    </message>
    <message>
      <source>Remove a model</source>
      <translation>Ein Modell entfernen</translation>
    </message>
    <message>
      <source>Remove {model} from this computer?</source>
      <translation>{model} von diesem Rechner entfernen?</translation>
    </message>
    <message>
      <source>Removes a reminder, or all of them.</source>
      <translation>Löscht eine Erinnerung oder alle.</translation>
    </message>
    <message>
      <source>Removes all alarms.</source>
      <translation>Löscht alle Wecker.</translation>
    </message>
    <message>
      <source>Removes the last note.</source>
      <translation>Löscht die letzte Notiz.</translation>
    </message>
    <message>
      <source>Remove…</source>
      <translation>Entfernen …</translation>
    </message>
    <message>
      <source>Restarting.</source>
      <translation>Neustart läuft.</translation>
    </message>
    <message>
      <source>Right</source>
      <translation>Pfeil rechts</translation>
    </message>
    <message>
      <source>Run</source>
      <translation>Los</translation>
    </message>
    <message>
      <source>Run a program</source>
      <translation>Ein Programm starten</translation>
    </message>
    <message>
      <source>Run a test file</source>
      <translation>Eine Testdatei ausführen</translation>
    </message>
    <message>
      <source>Run a test file…</source>
      <translation>Testdatei ausführen …</translation>
    </message>
    <message>
      <source>Running the tests of {file}…</source>
      <translation>Führe die Tests aus {file} aus …</translation>
    </message>
    <message>
      <source>S&amp;ettings</source>
      <translation>&amp;Einstellungen</translation>
    </message>
    <message>
      <source>Saturday</source>
      <translation>Samstag</translation>
    </message>
    <message>
      <source>Save</source>
      <translation>Speichern</translation>
    </message>
    <message>
      <source>Saved {file}.</source>
      <translation>Gespeichert: {file}.</translation>
    </message>
    <message>
      <source>Saved, if the window can do that.</source>
      <translation>Gespeichert, falls das Fenster das kann.</translation>
    </message>
    <message>
      <source>Saved. Say “{words}”.</source>
      <translation>Gespeichert. Sagen Sie „{words}“.</translation>
    </message>
    <message>
      <source>Saves what is open in the window.</source>
      <translation>Speichert, was im Fenster offen ist.</translation>
    </message>
    <message>
      <source>Saving it allows this: {what}</source>
      <translation>Mit dem Speichern erlauben Sie: {what}</translation>
    </message>
    <message>
      <source>Say a command now, as you would say it later. I listen for a few seconds.</source>
      <translation>Sagen Sie jetzt einen Befehl so, wie Sie ihn später sagen würden. Ich höre ein paar Sekunden lang zu.</translation>
    </message>
    <message>
      <source>Say for example: {examples}. The page Commands lists everything.</source>
      <translation>Zum Beispiel: {examples}. Alles steht auf der Seite „Befehle“.</translation>
    </message>
    <message>
      <source>Say it</source>
      <translation>Sprechen</translation>
    </message>
    <message>
      <source>Say it now: I listen for a few seconds.</source>
      <translation>Sagen Sie es jetzt: Ich höre ein paar Sekunden zu.</translation>
    </message>
    <message>
      <source>Say them, or click them. The Commands page lists all, and takes your own.</source>
      <translation>Sagen Sie sie oder klicken Sie sie an. Die Seite „Befehle“ zeigt alle und nimmt Ihre eigenen auf.</translation>
    </message>
    <message>
      <source>Say “what time is it”</source>
      <translation>Sagen Sie „what time is it“</translation>
    </message>
    <message>
      <source>Say “{phrase}”</source>
      <translation>Sagen Sie „{phrase}“</translation>
    </message>
    <message>
      <source>Says the last answer again.</source>
      <translation>Sagt die letzte Antwort noch einmal.</translation>
    </message>
    <message>
      <source>Says the last note.</source>
      <translation>Sagt die letzte Notiz.</translation>
    </message>
    <message>
      <source>Says what is on one of your lists.</source>
      <translation>Sagt, was auf einer Liste steht.</translation>
    </message>
    <message>
      <source>Says what is on the clipboard.</source>
      <translation>Sagt, was in der Zwischenablage ist.</translation>
    </message>
    <message>
      <source>Says what is playing.</source>
      <translation>Sagt, was gerade spielt.</translation>
    </message>
    <message>
      <source>Scroll Lock</source>
      <translation>Rollen</translation>
    </message>
    <message>
      <source>Scrolled down.</source>
      <translation>Nach unten gerollt.</translation>
    </message>
    <message>
      <source>Scrolled left.</source>
      <translation>Nach links gerollt.</translation>
    </message>
    <message>
      <source>Scrolled right.</source>
      <translation>Nach rechts gerollt.</translation>
    </message>
    <message>
      <source>Scrolled up.</source>
      <translation>Nach oben gerollt.</translation>
    </message>
    <message>
      <source>Scrolls the window.</source>
      <translation>Rollt das Fenster.</translation>
    </message>
    <message>
      <source>Searches the web in your browser for what you say.</source>
      <translation>Sucht im Browser nach dem, was gesagt wird.</translation>
    </message>
    <message>
      <source>Searching for {words}.</source>
      <translation>Suche nach {words}.</translation>
    </message>
    <message>
      <source>Selects everything.</source>
      <translation>Wählt alles aus.</translation>
    </message>
    <message>
      <source>Sentence {number} of {count}</source>
      <translation>Satz {number} von {count}</translation>
    </message>
    <message>
      <source>September</source>
      <translation>September</translation>
    </message>
    <message>
      <source>Sets an alarm for the morning, unless you say in the evening, or p m.</source>
      <translation>Stellt einen Wecker für den Morgen, außer mit „in the evening“ oder „p m“.</translation>
    </message>
    <message>
      <source>Sets an alarm for the next time that the clock shows it; seven on another day is in the morning, unless you say in the evening, or p m.</source>
      <translation>Stellt einen Wecker auf das nächste Mal, da die Uhr diese Zeit zeigt; sieben Uhr an einem anderen Tag ist morgens, außer mit „in the evening“ oder „p m“.</translation>
    </message>
    <message>
      <source>Sets the brightness of the screen to a percentage.</source>
      <translation>Stellt die Helligkeit des Bildschirms auf einen Prozentwert.</translation>
    </message>
    <message>
      <source>Sets the stopwatch to zero.</source>
      <translation>Stellt die Stoppuhr auf null.</translation>
    </message>
    <message>
      <source>Sets the volume to a percentage.</source>
      <translation>Stellt die Lautstärke auf einen Prozentwert.</translation>
    </message>
    <message>
      <source>Settings</source>
      <translation>Einstellungen</translation>
    </message>
    <message>
      <source>Settings has the log file, which says more.</source>
      <translation>In den Einstellungen finden Sie das Protokoll, in dem mehr steht.</translation>
    </message>
    <message>
      <source>Shift</source>
      <translation>Umschalt</translation>
    </message>
    <message>
      <source>Show all</source>
      <translation>Alle zeigen</translation>
    </message>
    <message>
      <source>Show file</source>
      <translation>Datei zeigen</translation>
    </message>
    <message>
      <source>Show the file</source>
      <translation>Die Datei zeigen</translation>
    </message>
    <message>
      <source>Show what is heard while another window is in front</source>
      <translation>Zeigen, was gehört wird, wenn ein anderes Fenster vorn ist</translation>
    </message>
    <message>
      <source>Show window</source>
      <translation>Fenster zeigen</translation>
    </message>
    <message>
      <source>Shuffle is off again.</source>
      <translation>Zufallswiedergabe ist wieder aus.</translation>
    </message>
    <message>
      <source>Shuffle is off.</source>
      <translation>Zufallswiedergabe ist aus.</translation>
    </message>
    <message>
      <source>Shuffle is on again.</source>
      <translation>Zufallswiedergabe ist wieder an.</translation>
    </message>
    <message>
      <source>Shuffle is on.</source>
      <translation>Zufallswiedergabe ist an.</translation>
    </message>
    <message>
      <source>Shutting down.</source>
      <translation>Der Computer wird ausgeschaltet.</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>Größe</translation>
    </message>
    <message>
      <source>Size of the model on disk. The pronunciations of words, the same for all, come on top</source>
      <translation>Größe des Modells auf der Platte. Die Aussprache der Wörter, für alle gleich, kommt dazu</translation>
    </message>
    <message>
      <source>Skip</source>
      <translation>Überspringen</translation>
    </message>
    <message>
      <source>Skip the first steps</source>
      <translation>Alles überspringen</translation>
    </message>
    <message>
      <source>Small plus: one shared block, adjusted for each layer</source>
      <translation>Klein plus: ein geteilter Block, für jede Schicht angepasst</translation>
    </message>
    <message>
      <source>Small: one shared block</source>
      <translation>Klein: ein geteilter Block</translation>
    </message>
    <message>
      <source>Smaller.</source>
      <translation>Kleiner.</translation>
    </message>
    <message>
      <source>Some sound was lost because this computer was too busy.</source>
      <translation>Etwas Ton ging verloren, weil dieser Rechner zu beschäftigt war.</translation>
    </message>
    <message>
      <source>Something went wrong in the program: {error}</source>
      <translation>Im Programm ist etwas schiefgegangen: {error}</translation>
    </message>
    <message>
      <source>Sound alike</source>
      <translation>Klingen ähnlich</translation>
    </message>
    <message>
      <source>Sound is heard and forgotten: nothing is recorded, and nothing leaves this machine.</source>
      <translation>Ton wird gehört und vergessen: Nichts wird aufgenommen, nichts verlässt diesen Rechner.</translation>
    </message>
    <message>
      <source>Space</source>
      <translation>Leertaste</translation>
    </message>
    <message>
      <source>Speak: the bar moves with the microphone that is chosen.</source>
      <translation>Sprechen Sie: Der Balken bewegt sich mit dem gewählten Mikrofon.</translation>
    </message>
    <message>
      <source>Start with the desktop, in the tray</source>
      <translation>Mit dem Desktop starten, in der Leiste</translation>
    </message>
    <message>
      <source>Starts a timer, with a name if you like.</source>
      <translation>Startet einen Timer, auf Wunsch mit Namen.</translation>
    </message>
    <message>
      <source>Starts the stopwatch.</source>
      <translation>Startet die Stoppuhr.</translation>
    </message>
    <message>
      <source>Step {step} of {count}</source>
      <translation>Schritt {step} von {count}</translation>
    </message>
    <message>
      <source>Still missing: {field}</source>
      <translation>Es fehlt noch: {field}</translation>
    </message>
    <message>
      <source>Stopped</source>
      <translation>Angehalten</translation>
    </message>
    <message>
      <source>Stopped at {time}.</source>
      <translation>Angehalten bei {time}.</translation>
    </message>
    <message>
      <source>Stopped.</source>
      <translation>Beendet.</translation>
    </message>
    <message>
      <source>Stops listening until you say wake up.</source>
      <translation>Hört nicht mehr zu, bis „wake up“ gesagt wird.</translation>
    </message>
    <message>
      <source>Stops the stopwatch and tells what it counted.</source>
      <translation>Hält die Stoppuhr an und sagt ihre Zeit.</translation>
    </message>
    <message>
      <source>Stops the timer that was started last.</source>
      <translation>Bricht den zuletzt gestarteten Timer ab.</translation>
    </message>
    <message>
      <source>Stops what is playing.</source>
      <translation>Beendet, was spielt.</translation>
    </message>
    <message>
      <source>Sunday</source>
      <translation>Sonntag</translation>
    </message>
    <message>
      <source>Switch off</source>
      <translation>Abschalten</translation>
    </message>
    <message>
      <source>Switch on</source>
      <translation>Einschalten</translation>
    </message>
    <message>
      <source>Switched off, commands are only shown. What cannot be put back is always asked first.</source>
      <translation>Abgeschaltet werden Befehle nur gezeigt. Was sich nicht rückgängig machen lässt, wird immer erst gefragt.</translation>
    </message>
    <message>
      <source>Switched off.</source>
      <translation>Abgeschaltet.</translation>
    </message>
    <message>
      <source>Switched on.</source>
      <translation>Eingeschaltet.</translation>
    </message>
    <message>
      <source>Switches the computer off and on again.</source>
      <translation>Startet den Computer neu.</translation>
    </message>
    <message>
      <source>Switches the computer off.</source>
      <translation>Schaltet den Computer aus.</translation>
    </message>
    <message>
      <source>System default</source>
      <translation>Wie im System eingestellt</translation>
    </message>
    <message>
      <source>System default ({name})</source>
      <translation>Wie im System eingestellt ({name})</translation>
    </message>
    <message>
      <source>Tab {number}.</source>
      <translation>Tab {number}.</translation>
    </message>
    <message>
      <source>Take back</source>
      <translation>Zurücknehmen</translation>
    </message>
    <message>
      <source>Take back: {what}</source>
      <translation>Zurücknehmen: {what}</translation>
    </message>
    <message>
      <source>Taken back.</source>
      <translation>Rückgängig gemacht.</translation>
    </message>
    <message>
      <source>Taken off your {list} list: {item}</source>
      <translation>Von der Liste „{list}“ gestrichen: {item}</translation>
    </message>
    <message>
      <source>Takes a picture of the whole screen.</source>
      <translation>Nimmt ein Bild des ganzen Bildschirms auf.</translation>
    </message>
    <message>
      <source>Takes a picture of the window in front.</source>
      <translation>Nimmt ein Bild des vordersten Fensters auf.</translation>
    </message>
    <message>
      <source>Takes back the last action.</source>
      <translation>Macht die letzte Aktion rückgängig.</translation>
    </message>
    <message>
      <source>Takes back the last change in the window, as its own undo does.</source>
      <translation>Macht die letzte Änderung im Fenster rückgängig, wie dessen eigener Befehl dafür.</translation>
    </message>
    <message>
      <source>Takes everything off one of your lists.</source>
      <translation>Leert eine Liste.</translation>
    </message>
    <message>
      <source>Takes something off one of your lists.</source>
      <translation>Streicht etwas von einer Liste.</translation>
    </message>
    <message>
      <source>Tells how bright the screen is set.</source>
      <translation>Sagt, wie hell der Bildschirm eingestellt ist.</translation>
    </message>
    <message>
      <source>Tells how full the battery is.</source>
      <translation>Sagt, wie voll der Akku ist.</translation>
    </message>
    <message>
      <source>Tells how loud it is set.</source>
      <translation>Sagt, wie laut es eingestellt ist.</translation>
    </message>
    <message>
      <source>Tells how much room is left on the disk.</source>
      <translation>Sagt, wie viel Platz auf der Festplatte frei ist.</translation>
    </message>
    <message>
      <source>Tells how much time is left.</source>
      <translation>Sagt, wie viel Zeit noch bleibt.</translation>
    </message>
    <message>
      <source>Tells the address of this computer in the network.</source>
      <translation>Sagt die Adresse dieses Computers im Netzwerk.</translation>
    </message>
    <message>
      <source>Tells the date.</source>
      <translation>Sagt das Datum.</translation>
    </message>
    <message>
      <source>Tells the number of the week.</source>
      <translation>Sagt die Kalenderwoche.</translation>
    </message>
    <message>
      <source>Tells the time.</source>
      <translation>Sagt die Uhrzeit.</translation>
    </message>
    <message>
      <source>Tells what can be said.</source>
      <translation>Sagt, was man sagen kann.</translation>
    </message>
    <message>
      <source>Tells what the stopwatch shows.</source>
      <translation>Sagt, was die Stoppuhr zeigt.</translation>
    </message>
    <message>
      <source>Tells what you are to be reminded of.</source>
      <translation>Sagt, welche Erinnerungen es gibt.</translation>
    </message>
    <message>
      <source>Tells when the alarms ring.</source>
      <translation>Sagt, wann die Wecker klingeln.</translation>
    </message>
    <message>
      <source>Tells which day of the week a date is.</source>
      <translation>Sagt, auf welchen Wochentag ein Datum fällt.</translation>
    </message>
    <message>
      <source>Test again</source>
      <translation>Noch einmal testen</translation>
    </message>
    <message>
      <source>Test on my voice</source>
      <translation>Mit meiner Stimme testen</translation>
    </message>
    <message>
      <source>Test on my voice…</source>
      <translation>Mit meiner Stimme testen …</translation>
    </message>
    <message>
      <source>Test the microphone</source>
      <translation>Mikrofon testen</translation>
    </message>
    <message>
      <source>Tests ({pattern})</source>
      <translation>Tests ({pattern})</translation>
    </message>
    <message>
      <source>Text</source>
      <translation>Text</translation>
    </message>
    <message>
      <source>Text size</source>
      <translation>Textgröße</translation>
    </message>
    <message>
      <source>That is enough</source>
      <translation>Das genügt</translation>
    </message>
    <message>
      <source>That is {date}.</source>
      <translation>Das ist {date}.</translation>
    </message>
    <message>
      <source>That was all</source>
      <translation>Das war alles</translation>
    </message>
    <message>
      <source>The alarm is set again.</source>
      <translation>Der Wecker ist wieder gestellt.</translation>
    </message>
    <message>
      <source>The alarm rings {when}.</source>
      <translation>Der Wecker klingelt {when}.</translation>
    </message>
    <message>
      <source>The alarm {when} is off.</source>
      <translation>Der Wecker {when} entfällt.</translation>
    </message>
    <message>
      <source>The alarms are set again.</source>
      <translation>Die Wecker sind wieder gestellt.</translation>
    </message>
    <message>
      <source>The alarms {times} are off.</source>
      <translation>Die Wecker {times} entfallen.</translation>
    </message>
    <message>
      <source>The bar below moves while you speak. If it does not, choose another microphone on the Microphone page.</source>
      <translation>Der Balken bewegt sich, wenn Sie sprechen. Wenn nicht, wählen Sie auf der Seite „Mikrofon“ ein anderes.</translation>
    </message>
    <message>
      <source>The bar stands still until then. Opening takes a moment: speak when it says “Listening”.</source>
      <translation>Bis dahin steht der Balken still. Das Öffnen dauert einen Moment: Sprechen Sie, sobald „Ich höre zu“ erscheint.</translation>
    </message>
    <message>
      <source>The battery is at {percent} % and charging.</source>
      <translation>Der Akku ist bei {percent} % und lädt.</translation>
    </message>
    <message>
      <source>The battery is at {percent} %, enough for {time}.</source>
      <translation>Der Akku ist bei {percent} %, genug für {time}.</translation>
    </message>
    <message>
      <source>The battery is at {percent} %.</source>
      <translation>Der Akku ist bei {percent} %.</translation>
    </message>
    <message>
      <source>The clipboard is as it was.</source>
      <translation>Die Zwischenablage ist wie vorher.</translation>
    </message>
    <message>
      <source>The command file</source>
      <translation>Die Befehlsdatei</translation>
    </message>
    <message>
      <source>The command file cannot be changed: {why}</source>
      <translation>Die Befehlsdatei lässt sich nicht ändern: {why}</translation>
    </message>
    <message>
      <source>The commands have changed and are in use.</source>
      <translation>Die Befehle haben sich geändert und gelten jetzt.</translation>
    </message>
    <message>
      <source>The desktop has no program to open it with: {path}</source>
      <translation>Der Desktop hat kein Programm, um es zu öffnen: {path}</translation>
    </message>
    <message>
      <source>The desktop is shown.</source>
      <translation>Der Desktop ist zu sehen.</translation>
    </message>
    <message>
      <source>The file is deleted. This cannot be put back.</source>
      <translation>Die Datei wird gelöscht. Das lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
      <source>The history cannot be read or written: {why}</source>
      <translation>Der Verlauf lässt sich nicht lesen oder schreiben: {why}</translation>
    </message>
    <message>
      <source>The history is cleared.</source>
      <translation>Der Verlauf ist geleert.</translation>
    </message>
    <message>
      <source>The machine was busy while it was measured: the times differ widely. Measure again when it is quiet.</source>
      <translation>Beim Messen war der Rechner beschäftigt: Die Zeiten streuen weit. Messen Sie noch einmal, wenn er Ruhe hat.</translation>
    </message>
    <message>
      <source>The measurement was stopped.</source>
      <translation>Die Messung wurde abgebrochen.</translation>
    </message>
    <message>
      <source>The microphone delivers nothing but silence: it may be switched off, or the wrong one.</source>
      <translation>Das Mikrofon liefert nur Stille: Vielleicht ist es abgeschaltet oder das falsche.</translation>
    </message>
    <message>
      <source>The microphone is muted in the system's sound settings.</source>
      <translation>Das Mikrofon ist in den Klangeinstellungen des Systems stummgeschaltet.</translation>
    </message>
    <message>
      <source>The microphone is too loud and its sound is cut off: lower its input level.</source>
      <translation>Das Mikrofon ist zu laut und übersteuert: Stellen Sie den Eingangspegel niedriger.</translation>
    </message>
    <message>
      <source>The microphone sends broken sound; the broken parts count as silence. Plug it in again.</source>
      <translation>Das Mikrofon sendet fehlerhaften Ton; die fehlerhaften Teile gelten als Stille. Stecken Sie es noch einmal ein.</translation>
    </message>
    <message>
      <source>The microphone's two channels cancel each other: one of them is reversed. Choose a profile with one channel in the system's sound settings, or another microphone.</source>
      <translation>Die zwei Kanäle des Mikrofons löschen sich gegenseitig aus: Einer ist verpolt. Wählen Sie in den Klangeinstellungen des Systems ein Profil mit einem Kanal, oder ein anderes Mikrofon.</translation>
    </message>
    <message>
      <source>The model that comes with the program listens instead.</source>
      <translation>Das mitgelieferte Modell hört stattdessen zu.</translation>
    </message>
    <message>
      <source>The next tab.</source>
      <translation>Der nächste Tab.</translation>
    </message>
    <message>
      <source>The next track.</source>
      <translation>Der nächste Titel.</translation>
    </message>
    <message>
      <source>The normal size.</source>
      <translation>Die normale Größe.</translation>
    </message>
    <message>
      <source>The note is back: {text}</source>
      <translation>Die Notiz ist wieder da: {text}</translation>
    </message>
    <message>
      <source>The note is gone: {text}</source>
      <translation>Die Notiz ist gelöscht: {text}</translation>
    </message>
    <message>
      <source>The previous tab.</source>
      <translation>Der vorige Tab.</translation>
    </message>
    <message>
      <source>The previous track.</source>
      <translation>Der vorige Titel.</translation>
    </message>
    <message>
      <source>The print dialog is open, if the window can print.</source>
      <translation>Der Druckdialog ist offen, falls das Fenster drucken kann.</translation>
    </message>
    <message>
      <source>The recordings stay in memory while this is open, and are then forgotten.</source>
      <translation>Die Aufnahmen bleiben im Speicher, solange dies offen ist, und sind dann vergessen.</translation>
    </message>
    <message>
      <source>The reminder is set again.</source>
      <translation>Die Erinnerung gilt wieder.</translation>
    </message>
    <message>
      <source>The reminder {when} is off: {text}</source>
      <translation>Die Erinnerung {when} entfällt: {text}</translation>
    </message>
    <message>
      <source>The reminders are set again.</source>
      <translation>Die Erinnerungen gelten wieder.</translation>
    </message>
    <message>
      <source>The reminders {times} are off.</source>
      <translation>Die Erinnerungen {times} entfallen.</translation>
    </message>
    <message>
      <source>The screen is locked.</source>
      <translation>Der Bildschirm ist gesperrt.</translation>
    </message>
    <message>
      <source>The shared one takes {memory}, {size}, and {load}.</source>
      <translation>Das geteilte braucht {memory}, {size} und {load}.</translation>
    </message>
    <message>
      <source>The sound is off, volume is at {percent} % again.</source>
      <translation>Der Ton ist wieder aus, Lautstärke bei {percent} %.</translation>
    </message>
    <message>
      <source>The sound is off, volume is at {percent} %.</source>
      <translation>Der Ton ist aus, Lautstärke bei {percent} %.</translation>
    </message>
    <message>
      <source>The stopwatch is as it was.</source>
      <translation>Die Stoppuhr ist wie vorher.</translation>
    </message>
    <message>
      <source>The stopwatch is at zero.</source>
      <translation>Die Stoppuhr steht auf null.</translation>
    </message>
    <message>
      <source>The stopwatch is running already, at {time}.</source>
      <translation>Die Stoppuhr läuft schon, bei {time}.</translation>
    </message>
    <message>
      <source>The stopwatch runs.</source>
      <translation>Die Stoppuhr läuft.</translation>
    </message>
    <message>
      <source>The stopwatch shows {time}, stopped.</source>
      <translation>Die Stoppuhr zeigt {time}, angehalten.</translation>
    </message>
    <message>
      <source>The stopwatch shows {time}.</source>
      <translation>Die Stoppuhr zeigt {time}.</translation>
    </message>
    <message>
      <source>The tab is closed.</source>
      <translation>Der Tab ist geschlossen.</translation>
    </message>
    <message>
      <source>The tab is open again.</source>
      <translation>Der Tab ist wieder offen.</translation>
    </message>
    <message>
      <source>The test was cancelled.</source>
      <translation>Der Test wurde abgebrochen.</translation>
    </message>
    <message>
      <source>The timer for {duration}</source>
      <translation>Der Timer über {duration}</translation>
    </message>
    <message>
      <source>The timer runs again.</source>
      <translation>Der Timer läuft wieder.</translation>
    </message>
    <message>
      <source>The typed text is deleted.</source>
      <translation>Der getippte Text ist gelöscht.</translation>
    </message>
    <message>
      <source>The windows are back.</source>
      <translation>Die Fenster sind wieder da.</translation>
    </message>
    <message>
      <source>The word is deleted.</source>
      <translation>Das Wort ist gelöscht.</translation>
    </message>
    <message>
      <source>The {name} timer for {duration}</source>
      <translation>Der Timer „{name}“ über {duration}</translation>
    </message>
    <message>
      <source>Theme</source>
      <translation>Aussehen</translation>
    </message>
    <message>
      <source>There are no notes.</source>
      <translation>Es gibt keine Notizen.</translation>
    </message>
    <message>
      <source>There is no text on the clipboard.</source>
      <translation>In der Zwischenablage ist kein Text.</translation>
    </message>
    <message>
      <source>There is nothing there yet: {path}</source>
      <translation>Dort ist noch nichts: {path}</translation>
    </message>
    <message>
      <source>There is nothing to undo.</source>
      <translation>Es gibt nichts rückgängig zu machen.</translation>
    </message>
    <message>
      <source>There was sound, but no speech in it.</source>
      <translation>Da war Geräusch, aber keine Sprache.</translation>
    </message>
    <message>
      <source>They differ in more than that, so compare with care.</source>
      <translation>Sie unterscheiden sich in mehr als dem; vergleichen Sie mit Vorsicht.</translation>
    </message>
    <message>
      <source>Thinking…</source>
      <translation>Ich denke nach …</translation>
    </message>
    <message>
      <source>This Bluetooth headset is in its hands-free profile, with the sound of a telephone: words may be misheard. Another microphone understands better.</source>
      <translation>Dieses Bluetooth-Headset ist im Freisprechprofil und klingt wie ein Telefon: Wörter werden leichter falsch verstanden. Ein anderes Mikrofon versteht besser.</translation>
    </message>
    <message>
      <source>This cannot be put back. Shall I do it?</source>
      <translation>Das lässt sich nicht rückgängig machen. Soll ich es tun?</translation>
    </message>
    <message>
      <source>This computer has no battery.</source>
      <translation>Dieser Computer hat keinen Akku.</translation>
    </message>
    <message>
      <source>This file comes with the program and cannot be changed here. Commands of your own win over it.</source>
      <translation>Diese Datei gehört zum Programm und kann hier nicht geändert werden. Eigene Befehle haben Vorrang.</translation>
    </message>
    <message>
      <source>This file holds more than the editor can show, so it opens as a text.</source>
      <translation>Diese Datei enthält mehr, als hier gezeigt werden kann; sie wird als Text geöffnet.</translation>
    </message>
    <message>
      <source>This is week {number}.</source>
      <translation>Das ist Kalenderwoche {number}.</translation>
    </message>
    <message>
      <source>Thursday</source>
      <translation>Donnerstag</translation>
    </message>
    <message>
      <source>Time to check and load it, measured here</source>
      <translation>Zeit, um es zu prüfen und zu laden, hier gemessen</translation>
    </message>
    <message>
      <source>Time to recognise two seconds of speech on one processor core, measured here</source>
      <translation>Zeit, um zwei Sekunden Sprache auf einem Prozessorkern zu erkennen, hier gemessen</translation>
    </message>
    <message>
      <source>Today is {date}.</source>
      <translation>Heute ist {date}.</translation>
    </message>
    <message>
      <source>Tried</source>
      <translation>Probiert</translation>
    </message>
    <message>
      <source>Try a sentence</source>
      <translation>Einen Satz ausprobieren</translation>
    </message>
    <message>
      <source>Try a sentence: nothing is done</source>
      <translation>Einen Satz ausprobieren: Es wird nichts getan</translation>
    </message>
    <message>
      <source>Try saying</source>
      <translation>Sagen Sie zum Beispiel</translation>
    </message>
    <message>
      <source>Try three commands</source>
      <translation>Probieren Sie drei Befehle</translation>
    </message>
    <message>
      <source>Tuesday</source>
      <translation>Dienstag</translation>
    </message>
    <message>
      <source>Turns Bluetooth on or off.</source>
      <translation>Schaltet Bluetooth ein oder aus.</translation>
    </message>
    <message>
      <source>Turns Wi-Fi on or off.</source>
      <translation>Schaltet WLAN ein oder aus.</translation>
    </message>
    <message>
      <source>Turns the sound off.</source>
      <translation>Schaltet den Ton aus.</translation>
    </message>
    <message>
      <source>Turns the sound on again.</source>
      <translation>Schaltet den Ton wieder ein.</translation>
    </message>
    <message>
      <source>Two or three words that nobody says by chance.</source>
      <translation>Zwei oder drei Wörter, die niemand zufällig sagt.</translation>
    </message>
    <message>
      <source>Type a command instead of speaking</source>
      <translation>Einen Befehl tippen, statt zu sprechen</translation>
    </message>
    <message>
      <source>Type a text</source>
      <translation>Einen Text tippen</translation>
    </message>
    <message>
      <source>Typed command</source>
      <translation>Getippter Befehl</translation>
    </message>
    <message>
      <source>Typed the output.</source>
      <translation>Die Ausgabe ist getippt.</translation>
    </message>
    <message>
      <source>Typed: {text}</source>
      <translation>Getippt: {text}</translation>
    </message>
    <message>
      <source>Types what you say.</source>
      <translation>Tippt, was gesagt wird.</translation>
    </message>
    <message>
      <source>Understood</source>
      <translation>Verstanden</translation>
    </message>
    <message>
      <source>Understood, and left alone: carrying out commands is switched off in Settings.</source>
      <translation>Verstanden und nicht ausgeführt: Das Ausführen ist in den Einstellungen abgeschaltet.</translation>
    </message>
    <message>
      <source>Understood, but nothing was carried out.</source>
      <translation>Verstanden, aber nichts wurde ausgeführt.</translation>
    </message>
    <message>
      <source>Understood. This command has no action, so there is nothing to do.</source>
      <translation>Verstanden. Dieser Befehl tut nichts, es gibt also nichts auszuführen.</translation>
    </message>
    <message>
      <source>Undo</source>
      <translation>Rückgängig</translation>
    </message>
    <message>
      <source>Undo: {what}</source>
      <translation>Rückgängig: {what}</translation>
    </message>
    <message>
      <source>Up</source>
      <translation>Pfeil auf</translation>
    </message>
    <message>
      <source>Use no key combination</source>
      <translation>Keine Tastenkombination verwenden</translation>
    </message>
    <message>
      <source>Use this model</source>
      <translation>Dieses Modell verwenden</translation>
    </message>
    <message>
      <source>Volume is at {percent} % again.</source>
      <translation>Lautstärke wieder bei {percent} %.</translation>
    </message>
    <message>
      <source>Volume is at {percent} %.</source>
      <translation>Lautstärke bei {percent} %.</translation>
    </message>
    <message>
      <source>Waiting for a microphone; typed commands work</source>
      <translation>Warte auf ein Mikrofon; getippte Befehle gehen</translation>
    </message>
    <message>
      <source>Waiting for the wake phrase</source>
      <translation>Warte auf das Weckwort</translation>
    </message>
    <message>
      <source>Wake phrase</source>
      <translation>Weckwort</translation>
    </message>
    <message>
      <source>Wednesday</source>
      <translation>Mittwoch</translation>
    </message>
    <message>
      <source>What I hear so far</source>
      <translation>Was ich bis jetzt höre</translation>
    </message>
    <message>
      <source>What I heard</source>
      <translation>Was ich gehört habe</translation>
    </message>
    <message>
      <source>What I say</source>
      <translation>Was ich sage</translation>
    </message>
    <message>
      <source>What command files may run</source>
      <translation>Was Befehlsdateien starten dürfen</translation>
    </message>
    <message>
      <source>What shall be found?</source>
      <translation>Was soll gefunden werden?</translation>
    </message>
    <message>
      <source>What to do</source>
      <translation>Was zu tun ist</translation>
    </message>
    <message>
      <source>What to do with what it prints</source>
      <translation>Was mit der Ausgabe geschieht</translation>
    </message>
    <message>
      <source>What to say when it is done</source>
      <translation>Was danach gesagt wird</translation>
    </message>
    <message>
      <source>What you can say</source>
      <translation>Was Sie sagen können</translation>
    </message>
    <message>
      <source>What you say and type, and what came of it, stands here. Only you can read the file, on this computer.</source>
      <translation>Hier steht, was Sie sagen und tippen und was daraus wurde. Nur Sie können die Datei lesen, auf diesem Rechner.</translation>
    </message>
    <message>
      <source>When I say</source>
      <translation>Wenn ich sage</translation>
    </message>
    <message>
      <source>When shall I listen?</source>
      <translation>Wann soll ich zuhören?</translation>
    </message>
    <message>
      <source>Which microphone</source>
      <translation>Welches Mikrofon</translation>
    </message>
    <message>
      <source>Wi-Fi</source>
      <translation>WLAN</translation>
    </message>
    <message>
      <source>Window</source>
      <translation>Fenster</translation>
    </message>
    <message>
      <source>With voices of strangers, {figures}.</source>
      <translation>Mit Stimmen von Fremden: {figures}.</translation>
    </message>
    <message>
      <source>Words wrong in free dictation, without a model of the language: {figures}</source>
      <translation>Falsche Wörter beim freien Diktat, ohne Sprachmodell: {figures}</translation>
    </message>
    <message>
      <source>Words wrong in free dictation: {figures}</source>
      <translation>Falsche Wörter bei freiem Diktat: {figures}</translation>
    </message>
    <message>
      <source>Works in every window: {keys}</source>
      <translation>Gilt in jedem Fenster: {keys}</translation>
    </message>
    <message>
      <source>Write what you will say.</source>
      <translation>Schreiben Sie, was Sie sagen werden.</translation>
    </message>
    <message>
      <source>Writes down what you say.</source>
      <translation>Notiert, was gesagt wird.</translation>
    </message>
    <message>
      <source>Writes something on one of your lists.</source>
      <translation>Schreibt etwas auf eine Liste.</translation>
    </message>
    <message>
      <source>YAML: {what}</source>
      <translation>YAML: {what}</translation>
    </message>
    <message>
      <source>Yes</source>
      <translation>Ja</translation>
    </message>
    <message>
      <source>Yes: {command}</source>
      <translation>Ja: {command}</translation>
    </message>
    <message>
      <source>You can change this at any time in Settings. Nothing is ever recorded.</source>
      <translation>Das können Sie in den Einstellungen jederzeit ändern. Nie wird etwas aufgenommen.</translation>
    </message>
    <message>
      <source>You meant “{words}”</source>
      <translation>Sie meinten „{words}“</translation>
    </message>
    <message>
      <source>You said no. Nothing was done.</source>
      <translation>Sie haben Nein gesagt. Es wurde nichts getan.</translation>
    </message>
    <message>
      <source>Your voice</source>
      <translation>Ihre Stimme</translation>
    </message>
    <message>
      <source>Your {list} list is empty now.</source>
      <translation>Die Liste „{list}“ ist jetzt leer.</translation>
    </message>
    <message>
      <source>Your {list} list is empty.</source>
      <translation>Die Liste „{list}“ ist leer.</translation>
    </message>
    <message>
      <source>a key in {what}</source>
      <translation>ein Schlüssel ({what})</translation>
    </message>
    <message>
      <source>a list</source>
      <translation>eine Liste</translation>
    </message>
    <message>
      <source>a list of texts that is not empty</source>
      <translation>eine Liste von Texten, die nicht leer ist,</translation>
    </message>
    <message>
      <source>a list: the program and its arguments</source>
      <translation>eine Liste aus dem Programm und seinen Argumenten</translation>
    </message>
    <message>
      <source>a mapping</source>
      <translation>eine Zuordnung</translation>
    </message>
    <message>
      <source>a name in 'app'</source>
      <translation>ein Name in 'app'</translation>
    </message>
    <message>
      <source>a name in 'disabled'</source>
      <translation>ein Name in 'disabled'</translation>
    </message>
    <message>
      <source>a number</source>
      <translation>eine Zahl</translation>
    </message>
    <message>
      <source>a number of seconds up to {seconds}</source>
      <translation>eine Zahl von Sekunden bis {seconds}</translation>
    </message>
    <message>
      <source>a path without {slots}</source>
      <translation>einen Pfad ohne {slots}</translation>
    </message>
    <message>
      <source>a second YAML document begins here</source>
      <translation>hier beginnt ein zweites YAML-Dokument</translation>
    </message>
    <message>
      <source>a skip word</source>
      <translation>ein Füllwort</translation>
    </message>
    <message>
      <source>a slot cannot be a part of the host name</source>
      <translation>ein Platzhalter kann nicht Teil des Rechnernamens sein</translation>
    </message>
    <message>
      <source>a step</source>
      <translation>ein Schritt</translation>
    </message>
    <message>
      <source>a step is 1 or more</source>
      <translation>ein Schritt ist mindestens 1</translation>
    </message>
    <message>
      <source>a tab is used for indentation</source>
      <translation>ein Tabulator dient zum Einrücken</translation>
    </message>
    <message>
      <source>a text</source>
      <translation>einen Text</translation>
    </message>
    <message>
      <source>a timer cannot run for more than 24 hours</source>
      <translation>ein Timer kann nicht länger als 24 Stunden laufen</translation>
    </message>
    <message>
      <source>a timer cannot run for {time}</source>
      <translation>ein Timer kann nicht so lange laufen: {time}</translation>
    </message>
    <message>
      <source>a value in {what}</source>
      <translation>ein Wert ({what})</translation>
    </message>
    <message>
      <source>a value in {what} has no 'in'</source>
      <translation>ein Wert hat kein 'in' ({what})</translation>
    </message>
    <message>
      <source>add 'action:' with the name of one</source>
      <translation>ergänzen Sie 'action:' mit dem Namen einer Aktion</translation>
    </message>
    <message>
      <source>add 'intents:' with a first intent below it</source>
      <translation>ergänzen Sie 'intents:' und darunter einen ersten Befehl</translation>
    </message>
    <message>
      <source>add 'sentences:' to it</source>
      <translation>ergänzen Sie 'sentences:'</translation>
    </message>
    <message>
      <source>add 'sentences:' with a list of what one can say</source>
      <translation>ergänzen Sie 'sentences:' mit einer Liste dessen, was man sagen kann</translation>
    </message>
    <message>
      <source>add 'values:', 'range:' or 'command:'</source>
      <translation>ergänzen Sie 'values:', 'range:' oder 'command:'</translation>
    </message>
    <message>
      <source>add a slot {{...:{name}}} to it, or '{name}' to 'arguments:'</source>
      <translation>ergänzen Sie darin einen Platzhalter {{...:{name}}} oder '{name}' bei 'arguments:'</translation>
    </message>
    <message>
      <source>add at least one entry or remove it</source>
      <translation>ergänzen Sie mindestens einen Eintrag oder entfernen Sie es</translation>
    </message>
    <message>
      <source>add it to 'arguments:'</source>
      <translation>ergänzen Sie es bei 'arguments:'</translation>
    </message>
    <message>
      <source>add it to 'arguments:', or a slot {{...:{name}}} to every sentence</source>
      <translation>ergänzen Sie es bei 'arguments:' oder in jedem Satz einen Platzhalter {{...:{name}}}</translation>
    </message>
    <message>
      <source>add less</source>
      <translation>weniger zugeben</translation>
    </message>
    <message>
      <source>add the '{wanted}' that ends it</source>
      <translation>ergänzen Sie die Klammer '{wanted}'</translation>
    </message>
    <message>
      <source>add words that must be said: 'type {*text}'</source>
      <translation>ergänzen Sie Wörter, die gesagt werden müssen: 'type {*text}'</translation>
    </message>
    <message>
      <source>agree with: voiceassist trust agree</source>
      <translation>zustimmen mit: voiceassist trust agree</translation>
    </message>
    <message>
      <source>and {count} more</source>
      <translation>und {count} weitere</translation>
    </message>
    <message>
      <source>another window has the focus now</source>
      <translation>jetzt hat ein anderes Fenster den Fokus</translation>
    </message>
    <message>
      <source>answered in {ms} ms</source>
      <translation>Antwort nach {ms} ms</translation>
    </message>
    <message>
      <source>any value</source>
      <translation>einen Wert</translation>
    </message>
    <message>
      <source>ask: how much time is left on the timer</source>
      <translation>fragen: „how much time is left on the timer“</translation>
    </message>
    <message>
      <source>ask: what is on my {list} list</source>
      <translation>fragen: „what is on my {list} list“</translation>
    </message>
    <message>
      <source>at least one word must not be optional</source>
      <translation>mindestens ein Wort darf nicht weglassbar sein</translation>
    </message>
    <message>
      <source>at weekends at {time}</source>
      <translation>am Wochenende um {time}</translation>
    </message>
    <message>
      <source>background noise {db} dB</source>
      <translation>Hintergrundgeräusch {db} dB</translation>
    </message>
    <message>
      <source>begin each entry with '- '</source>
      <translation>beginnen Sie jeden Eintrag mit '- '</translation>
    </message>
    <message>
      <source>begin with 'intents:' and a first intent below it</source>
      <translation>beginnen Sie mit 'intents:' und darunter einem ersten Befehl</translation>
    </message>
    <message>
      <source>between {low} and {high} {unit}</source>
      <translation>zwischen {low} und {high} {unit}</translation>
    </message>
    <message>
      <source>brackets are nested too deeply</source>
      <translation>die Klammern sind zu tief verschachtelt</translation>
    </message>
    <message>
      <source>brackets must not cross</source>
      <translation>Klammern dürfen sich nicht überkreuzen</translation>
    </message>
    <message>
      <source>broken</source>
      <translation>beschädigt</translation>
    </message>
    <message>
      <source>call {what}</source>
      <translation>Aufruf von {what}</translation>
    </message>
    <message>
      <source>check indentation and quotes; a sentence with ':', '#', '{', '[', '&amp;' or '*' at its start needs quotes</source>
      <translation>prüfen Sie Einrückung und Anführungszeichen; ein Satz mit ':', '#', '{', '[', '&amp;' oder '*' am Anfang braucht Anführungszeichen</translation>
    </message>
    <message>
      <source>check its brackets</source>
      <translation>prüfen Sie die Klammern</translation>
    </message>
    <message>
      <source>check the brackets above</source>
      <translation>prüfen Sie die Klammern darüber</translation>
    </message>
    <message>
      <source>check the path of the command file</source>
      <translation>prüfen Sie den Pfad der Befehlsdatei</translation>
    </message>
    <message>
      <source>choose between one second and 24 hours</source>
      <translation>möglich sind eine Sekunde bis 24 Stunden</translation>
    </message>
    <message>
      <source>choose more than 0 and at most {seconds}</source>
      <translation>wählen Sie mehr als 0 und höchstens {seconds}</translation>
    </message>
    <message>
      <source>correct it</source>
      <translation>berichtigen Sie es</translation>
    </message>
    <message>
      <source>correct it in the command file</source>
      <translation>berichtigen Sie es in der Befehlsdatei</translation>
    </message>
    <message>
      <source>correct the files above first</source>
      <translation>berichtigen Sie zuerst die Dateien darüber</translation>
    </message>
    <message>
      <source>create it first, or say another one</source>
      <translation>erst anlegen oder einen anderen nennen</translation>
    </message>
    <message>
      <source>create it, or correct the path</source>
      <translation>legen Sie ihn an, oder berichtigen Sie den Pfad</translation>
    </message>
    <message>
      <source>did you mean '{name}'?</source>
      <translation>meinten Sie '{name}'?</translation>
    </message>
    <message>
      <source>do not use aliases that repeat each other</source>
      <translation>verwenden Sie keine Verweise, die einander wiederholen</translation>
    </message>
    <message>
      <source>do this</source>
      <translation>tu dies</translation>
    </message>
    <message>
      <source>every day at {time}</source>
      <translation>jeden Tag um {time}</translation>
    </message>
    <message>
      <source>every weekday at {time}</source>
      <translation>werktags um {time}</translation>
    </message>
    <message>
      <source>every {day} at {time}</source>
      <translation>jeden {day} um {time}</translation>
    </message>
    <message>
      <source>first say a command that can be undone</source>
      <translation>erst einen Befehl sagen, der sich rückgängig machen lässt</translation>
    </message>
    <message>
      <source>for example 10</source>
      <translation>zum Beispiel 10</translation>
    </message>
    <message>
      <source>for example: firefox --private-window</source>
      <translation>zum Beispiel: firefox --private-window</translation>
    </message>
    <message>
      <source>for example: good night</source>
      <translation>zum Beispiel: gute Nacht</translation>
    </message>
    <message>
      <source>for {seconds} seconds</source>
      <translation>{seconds} Sekunden lang</translation>
    </message>
    <message>
      <source>in free dictation it got {one} % of the words wrong instead of {other} %</source>
      <translation>bei freiem Diktat waren {one} % der Wörter falsch statt {other} %</translation>
    </message>
    <message>
      <source>in use</source>
      <translation>in Gebrauch</translation>
    </message>
    <message>
      <source>in {duration}</source>
      <translation>in {duration}</translation>
    </message>
    <message>
      <source>indent it with plain spaces</source>
      <translation>rücken Sie sie mit gewöhnlichen Leerzeichen ein</translation>
    </message>
    <message>
      <source>install it, or correct its name or path</source>
      <translation>installieren Sie es, oder berichtigen Sie Namen oder Pfad</translation>
    </message>
    <message>
      <source>install it, or say its name as the menu shows it</source>
      <translation>installieren oder den Namen so sagen, wie er im Menü steht</translation>
    </message>
    <message>
      <source>intent '{name}'</source>
      <translation>der Befehl '{name}'</translation>
    </message>
    <message>
      <source>intent '{name}' has both 'steps' and 'action' or 'arguments'</source>
      <translation>der Befehl '{name}' hat 'steps' und zugleich 'action' oder 'arguments'</translation>
    </message>
    <message>
      <source>intent '{name}' has data without sentences</source>
      <translation>der Befehl '{name}' hat 'data' ohne Sätze</translation>
    </message>
    <message>
      <source>intent '{name}' has no sentences</source>
      <translation>der Befehl '{name}' hat keine Sätze</translation>
    </message>
    <message>
      <source>it cannot be read: {why}</source>
      <translation>sie lässt sich nicht lesen: {why}</translation>
    </message>
    <message>
      <source>it has rung, or was cancelled</source>
      <translation>es hat geklingelt oder wurde abgebrochen</translation>
    </message>
    <message>
      <source>it may be at the end of its playlist</source>
      <translation>vielleicht ist die Wiedergabeliste zu Ende</translation>
    </message>
    <message>
      <source>it understood {one} % of spoken phrases instead of {other} %</source>
      <translation>es verstand {one} % der gesprochenen Sätze statt {other} %</translation>
    </message>
    <message>
      <source>it understood {one} % of spoken phrases, as many as the other</source>
      <translation>es verstand {one} % der gesprochenen Sätze, so viele wie das andere</translation>
    </message>
    <message>
      <source>it was undone already, or many other actions followed</source>
      <translation>es wurde schon rückgängig gemacht, oder es folgten viele andere Aktionen</translation>
    </message>
    <message>
      <source>keep one of the two</source>
      <translation>behalten Sie eines von beiden</translation>
    </message>
    <message>
      <source>keys, such as enter or ctrl+c</source>
      <translation>Tasten wie enter oder ctrl+c</translation>
    </message>
    <message>
      <source>known are: {names}</source>
      <translation>bekannt sind: {names}</translation>
    </message>
    <message>
      <source>lines 'name: text'</source>
      <translation>Zeilen 'Name: Text'</translation>
    </message>
    <message>
      <source>list</source>
      <translation>Liste</translation>
    </message>
    <message>
      <source>list '{name}'</source>
      <translation>die Liste '{name}'</translation>
    </message>
    <message>
      <source>list '{name}' is empty</source>
      <translation>die Liste '{name}' ist leer</translation>
    </message>
    <message>
      <source>longer than {count} characters</source>
      <translation>länger als {count} Zeichen</translation>
    </message>
    <message>
      <source>look at its window</source>
      <translation>in dessen Fenster nachsehen</translation>
    </message>
    <message>
      <source>loudest {db} dB</source>
      <translation>lauteste Stelle {db} dB</translation>
    </message>
    <message>
      <source>more than {count} sentences</source>
      <translation>mehr als {count} Sätze</translation>
    </message>
    <message>
      <source>move the action into the steps</source>
      <translation>schreiben Sie die Aktion in die Schritte</translation>
    </message>
    <message>
      <source>ms</source>
      <translation>ms</translation>
    </message>
    <message>
      <source>ms to load</source>
      <translation>ms zum Laden</translation>
    </message>
    <message>
      <source>my own</source>
      <translation>eigener</translation>
    </message>
    <message>
      <source>names and texts</source>
      <translation>Namen und Texte</translation>
    </message>
    <message>
      <source>nested too deeply</source>
      <translation>zu tief verschachtelt</translation>
    </message>
    <message>
      <source>no alarm is set</source>
      <translation>kein Wecker ist gestellt</translation>
    </message>
    <message>
      <source>no command</source>
      <translation>kein Befehl</translation>
    </message>
    <message>
      <source>no music or video player is open</source>
      <translation>kein Musik- oder Videoprogramm ist offen</translation>
    </message>
    <message>
      <source>no reminder is set</source>
      <translation>es gibt keine Erinnerung</translation>
    </message>
    <message>
      <source>no sentence of this intent has a slot '{name}'</source>
      <translation>kein Satz dieses Befehls hat einen Platzhalter '{name}'</translation>
    </message>
    <message>
      <source>no speech</source>
      <translation>keine Sprache</translation>
    </message>
    <message>
      <source>no timer is paused</source>
      <translation>kein Timer ist angehalten</translation>
    </message>
    <message>
      <source>no timer is running</source>
      <translation>kein Timer läuft</translation>
    </message>
    <message>
      <source>no window is open</source>
      <translation>kein Fenster ist offen</translation>
    </message>
    <message>
      <source>no window of {name} is open</source>
      <translation>kein Fenster von {name} ist offen</translation>
    </message>
    <message>
      <source>none are defined yet</source>
      <translation>noch ist nichts davon festgelegt</translation>
    </message>
    <message>
      <source>not at all</source>
      <translation>gar nicht</translation>
    </message>
    <message>
      <source>not understood, nearest is</source>
      <translation>nicht verstanden, am nächsten liegt</translation>
    </message>
    <message>
      <source>not valid UTF-8</source>
      <translation>kein gültiges UTF-8</translation>
    </message>
    <message>
      <source>not valid YAML: {error}</source>
      <translation>kein gültiges YAML: {error}</translation>
    </message>
    <message>
      <source>nothing</source>
      <translation>nichts</translation>
    </message>
    <message>
      <source>nothing is ringing</source>
      <translation>gerade klingelt nichts</translation>
    </message>
    <message>
      <source>on {day} at {time}</source>
      <translation>am {day} um {time}</translation>
    </message>
    <message>
      <source>one block, run {layers} times</source>
      <translation>ein Block, {layers}-mal benutzt</translation>
    </message>
    <message>
      <source>one shared block</source>
      <translation>ein geteilter Block</translation>
    </message>
    <message>
      <source>open my mail
show [me] (my|the) mail</source>
      <translation>open my mail
show [me] (my|the) mail</translation>
    </message>
    <message>
      <source>open one and start something</source>
      <translation>eines öffnen und etwas starten</translation>
    </message>
    <message>
      <source>open one first</source>
      <translation>erst eines öffnen</translation>
    </message>
    <message>
      <source>operating system</source>
      <translation>Betriebssystem</translation>
    </message>
    <message>
      <source>other free text follows the free text '{{{name}}}'</source>
      <translation>auf den freien Text '{{{name}}}' folgt weiterer freier Text</translation>
    </message>
    <message>
      <source>program.run needs {wanted} as {argument}</source>
      <translation>program.run braucht {wanted} als {argument}</translation>
    </message>
    <message>
      <source>put a word that must be said between them</source>
      <translation>setzen Sie ein Wort dazwischen, das gesagt werden muss</translation>
    </message>
    <message>
      <source>put it into the sentence</source>
      <translation>schreiben Sie ihn in den Satz</translation>
    </message>
    <message>
      <source>put the whole value in quotes</source>
      <translation>setzen Sie den ganzen Wert in Anführungszeichen</translation>
    </message>
    <message>
      <source>recommended</source>
      <translation>empfohlen</translation>
    </message>
    <message>
      <source>remove it, or escape it as '\{char}'</source>
      <translation>entfernen Sie es, oder schreiben Sie '\{char}'</translation>
    </message>
    <message>
      <source>remove it, or save the file as plain UTF-8 text</source>
      <translation>entfernen Sie es, oder speichern Sie die Datei als reinen UTF-8-Text</translation>
    </message>
    <message>
      <source>remove one of the references</source>
      <translation>entfernen Sie einen der Verweise</translation>
    </message>
    <message>
      <source>remove the line '---', or put it into another file</source>
      <translation>entfernen Sie die Zeile '---', oder legen Sie eine zweite Datei an</translation>
    </message>
    <message>
      <source>remove values that are never said</source>
      <translation>entfernen Sie Werte, die nie gesagt werden</translation>
    </message>
    <message>
      <source>rule</source>
      <translation>Regel</translation>
    </message>
    <message>
      <source>rule '{name}'</source>
      <translation>die Regel '{name}'</translation>
    </message>
    <message>
      <source>rules are nested too deeply</source>
      <translation>die Regeln sind zu tief verschachtelt</translation>
    </message>
    <message>
      <source>run {what}</source>
      <translation>Start von {what}</translation>
    </message>
    <message>
      <source>run {what}, to fill a list</source>
      <translation>Start von {what}, um eine Liste zu füllen</translation>
    </message>
    <message>
      <source>save it as plain UTF-8 text</source>
      <translation>speichern Sie sie als reinen UTF-8-Text</translation>
    </message>
    <message>
      <source>save the file as UTF-8</source>
      <translation>speichern Sie die Datei als UTF-8</translation>
    </message>
    <message>
      <source>say a command first</source>
      <translation>erst einen Befehl sagen</translation>
    </message>
    <message>
      <source>say one day only</source>
      <translation>nur einen Tag nennen</translation>
    </message>
    <message>
      <source>say one of these names</source>
      <translation>einen dieser Namen sagen</translation>
    </message>
    <message>
      <source>say: open {name}</source>
      <translation>sagen: „open {name}“</translation>
    </message>
    <message>
      <source>say: pause the timer</source>
      <translation>sagen: „pause the timer“</translation>
    </message>
    <message>
      <source>say: start the stopwatch</source>
      <translation>sagen: „start the stopwatch“</translation>
    </message>
    <message>
      <source>set one, for example with: {example}</source>
      <translation>zum Beispiel sagen: „{example}“</translation>
    </message>
    <message>
      <source>several applications match {name}: {names}</source>
      <translation>mehrere Anwendungen passen zu {name}: {names}</translation>
    </message>
    <message>
      <source>split it into several files</source>
      <translation>teilen Sie sie in mehrere Dateien</translation>
    </message>
    <message>
      <source>split it with &lt;rules&gt;</source>
      <translation>teilen Sie ihn mit &lt;Regeln&gt; auf</translation>
    </message>
    <message>
      <source>swap 'from' and 'to'</source>
      <translation>vertauschen Sie 'from' und 'to'</translation>
    </message>
    <message>
      <source>switch to that window and undo it there</source>
      <translation>zu jenem Fenster wechseln und es dort rückgängig machen</translation>
    </message>
    <message>
      <source>switched off</source>
      <translation>abgeschaltet</translation>
    </message>
    <message>
      <source>take one, for example with: take a note buy milk</source>
      <translation>zum Beispiel sagen: „take a note buy milk“</translation>
    </message>
    <message>
      <source>that alarm is not set any more</source>
      <translation>dieser Wecker ist nicht mehr gestellt</translation>
    </message>
    <message>
      <source>that cannot be undone any more</source>
      <translation>das lässt sich nicht mehr rückgängig machen</translation>
    </message>
    <message>
      <source>that names two days</source>
      <translation>das nennt zwei Tage</translation>
    </message>
    <message>
      <source>that note is not there any more</source>
      <translation>diese Notiz ist nicht mehr da</translation>
    </message>
    <message>
      <source>that timer is over</source>
      <translation>dieser Timer ist abgelaufen</translation>
    </message>
    <message>
      <source>the character U+{code} is not allowed in YAML</source>
      <translation>das Zeichen U+{code} ist in YAML nicht erlaubt</translation>
    </message>
    <message>
      <source>the context '{name}' is too complicated</source>
      <translation>die Bedingung '{name}' ist zu verwickelt</translation>
    </message>
    <message>
      <source>the file</source>
      <translation>die Datei</translation>
    </message>
    <message>
      <source>the file has more than {mb} MB</source>
      <translation>die Datei hat mehr als {mb} MB</translation>
    </message>
    <message>
      <source>the file is empty</source>
      <translation>die Datei ist leer</translation>
    </message>
    <message>
      <source>the file of notes was changed since</source>
      <translation>die Datei mit den Notizen wurde seitdem geändert</translation>
    </message>
    <message>
      <source>the lists have too many values</source>
      <translation>die Listen haben zu viele Werte</translation>
    </message>
    <message>
      <source>the name of a program first, without {slots}</source>
      <translation>zuerst den Namen eines Programms, ohne {slots},</translation>
    </message>
    <message>
      <source>the range '{name}' is empty</source>
      <translation>der Zahlenbereich '{name}' ist leer</translation>
    </message>
    <message>
      <source>the sentences have no slots</source>
      <translation>die Sätze haben keine Platzhalter</translation>
    </message>
    <message>
      <source>the step of {what} is {step}</source>
      <translation>der Schritt von {what} ist {step}</translation>
    </message>
    <message>
      <source>the stopwatch is not running</source>
      <translation>die Stoppuhr läuft nicht</translation>
    </message>
    <message>
      <source>the time limit of {what} is {seconds} s</source>
      <translation>die Zeitgrenze von {what} ist {seconds} s</translation>
    </message>
    <message>
      <source>there are no intents</source>
      <translation>es gibt keine Befehle</translation>
    </message>
    <message>
      <source>there are no notes</source>
      <translation>es gibt keine Notizen</translation>
    </message>
    <message>
      <source>there is no action '{action}'</source>
      <translation>es gibt keine Aktion '{action}'</translation>
    </message>
    <message>
      <source>there is no action to repeat</source>
      <translation>es gibt keine Aktion zum Wiederholen</translation>
    </message>
    <message>
      <source>there is no answer to copy yet</source>
      <translation>es gibt noch keine Antwort zum Kopieren</translation>
    </message>
    <message>
      <source>there is no answer to repeat</source>
      <translation>es gibt keine Antwort zum Wiederholen</translation>
    </message>
    <message>
      <source>there is no application called {name}</source>
      <translation>es gibt keine Anwendung {name}</translation>
    </message>
    <message>
      <source>there is no folder {folder}</source>
      <translation>es gibt keinen Ordner {folder}</translation>
    </message>
    <message>
      <source>there is no name between the brackets</source>
      <translation>zwischen den Klammern steht kein Name</translation>
    </message>
    <message>
      <source>there is no other window</source>
      <translation>es gibt kein anderes Fenster</translation>
    </message>
    <message>
      <source>there is no program {name}</source>
      <translation>es gibt kein Programm {name}</translation>
    </message>
    <message>
      <source>there is nothing between the brackets</source>
      <translation>zwischen den Klammern steht nichts</translation>
    </message>
    <message>
      <source>there is nothing to undo</source>
      <translation>es gibt nichts rückgängig zu machen</translation>
    </message>
    <message>
      <source>this has no words that can be pronounced</source>
      <translation>hier gibt es kein Wort, das sich aussprechen lässt</translation>
    </message>
    <message>
      <source>this line begins with a space of another kind</source>
      <translation>diese Zeile beginnt mit einem Leerzeichen anderer Art</translation>
    </message>
    <message>
      <source>this sentence can be empty</source>
      <translation>dieser Satz kann leer sein</translation>
    </message>
    <message>
      <source>this sentence does not fill '{name}', which {action} needs</source>
      <translation>dieser Satz füllt '{name}' nicht, das {action} braucht</translation>
    </message>
    <message>
      <source>this step has no action</source>
      <translation>dieser Schritt hat keine Aktion</translation>
    </message>
    <message>
      <source>this stops an alarm or a timer while it rings</source>
      <translation>das beendet einen Wecker oder Timer, während er klingelt</translation>
    </message>
    <message>
      <source>this template cannot be parsed: {error}</source>
      <translation>dieser Satz lässt sich nicht lesen: {error}</translation>
    </message>
    <message>
      <source>this value is too large</source>
      <translation>dieser Wert ist zu groß</translation>
    </message>
    <message>
      <source>today at {time}</source>
      <translation>heute um {time}</translation>
    </message>
    <message>
      <source>today {time}</source>
      <translation>heute {time}</translation>
    </message>
    <message>
      <source>tomorrow at {time}</source>
      <translation>morgen um {time}</translation>
    </message>
    <message>
      <source>too few required words beside the free text '{{{name}}}'</source>
      <translation>neben dem freien Text '{{{name}}}' müssen zu wenige Wörter gesagt werden</translation>
    </message>
    <message>
      <source>true or false</source>
      <translation>true oder false</translation>
    </message>
    <message>
      <source>typed</source>
      <translation>getippt</translation>
    </message>
    <message>
      <source>understood</source>
      <translation>verstanden</translation>
    </message>
    <message>
      <source>unknown {kind} '{name}'</source>
      <translation>{kind} '{name}' gibt es nicht</translation>
    </message>
    <message>
      <source>unknown {what} '{name}'</source>
      <translation>'{name}' gibt es bei '{what}' nicht</translation>
    </message>
    <message>
      <source>url.open needs an address that begins with https:// or http://</source>
      <translation>url.open braucht eine Adresse, die mit https:// oder http:// beginnt</translation>
    </message>
    <message>
      <source>use a smaller range or a larger step</source>
      <translation>verwenden Sie einen kleineren Bereich oder einen größeren Schritt</translation>
    </message>
    <message>
      <source>use fewer brackets inside each other</source>
      <translation>verwenden Sie weniger Klammern ineinander</translation>
    </message>
    <message>
      <source>use fewer levels of rules</source>
      <translation>verwenden Sie weniger Ebenen von Regeln</translation>
    </message>
    <message>
      <source>use lists and rules instead of single sentences</source>
      <translation>verwenden Sie Listen und Regeln statt einzelner Sätze</translation>
    </message>
    <message>
      <source>use spaces: YAML does not allow tabs there</source>
      <translation>verwenden Sie Leerzeichen: YAML erlaubt dort keine Tabulatoren</translation>
    </message>
    <message>
      <source>voiceassist goes on here. Choose Quit from this icon's menu to end it.</source>
      <translation>voiceassist läuft hier weiter. Mit „Beenden“ im Menü dieses Symbols endet es.</translation>
    </message>
    <message>
      <source>voiceassist {version}, free software under the Apache licence 2.0.</source>
      <translation>voiceassist {version}, freie Software unter der Apache-Lizenz 2.0.</translation>
    </message>
    <message>
      <source>voiceassist: what is heard</source>
      <translation>voiceassist: was gehört wird</translation>
    </message>
    <message>
      <source>wait for a shorter time</source>
      <translation>warten Sie kürzer</translation>
    </message>
    <message>
      <source>wait needs 0 to {seconds} as 'seconds'</source>
      <translation>wait braucht 0 bis {seconds} als 'seconds'</translation>
    </message>
    <message>
      <source>with this file there are more than {count} sentences</source>
      <translation>mit dieser Datei sind es mehr als {count} Sätze</translation>
    </message>
    <message>
      <source>write 'name: value' lines</source>
      <translation>schreiben Sie Zeilen 'Name: Wert'</translation>
    </message>
    <message>
      <source>write '{{{written}}}' here</source>
      <translation>schreiben Sie hier '{{{written}}}'</translation>
    </message>
    <message>
      <source>write [{words}]</source>
      <translation>schreiben Sie [{words}]</translation>
    </message>
    <message>
      <source>write digits, for example 10</source>
      <translation>schreiben Sie Ziffern, zum Beispiel 10</translation>
    </message>
    <message>
      <source>write it in Latin letters</source>
      <translation>schreiben Sie es in lateinischen Buchstaben</translation>
    </message>
    <message>
      <source>write it on one line, in quotes</source>
      <translation>schreiben Sie es in eine Zeile, in Anführungszeichen</translation>
    </message>
    <message>
      <source>write one value or a list of values</source>
      <translation>schreiben Sie einen Wert oder eine Liste von Werten</translation>
    </message>
    <message>
      <source>write the host out, or url: '{slot}'</source>
      <translation>schreiben Sie den Rechnernamen aus, oder url: '{slot}'</translation>
    </message>
    <message>
      <source>write the list's or rule's name</source>
      <translation>schreiben Sie den Namen der Liste oder Regel</translation>
    </message>
    <message>
      <source>write the smaller number first</source>
      <translation>schreiben Sie die kleinere Zahl zuerst</translation>
    </message>
    <message>
      <source>write words in Latin letters</source>
      <translation>schreiben Sie Wörter in lateinischen Buchstaben</translation>
    </message>
    <message>
      <source>write words there or remove them</source>
      <translation>schreiben Sie dort Wörter, oder entfernen Sie die Klammern</translation>
    </message>
    <message>
      <source>write {0..100} or {0..100,5}</source>
      <translation>schreiben Sie {0..100} oder {0..100,5}</translation>
    </message>
    <message>
      <source>write {from: 0, to: 100}</source>
      <translation>schreiben Sie {from: 0, to: 100}</translation>
    </message>
    <message>
      <source>write {in: what is said, out: what it means}</source>
      <translation>schreiben Sie {in: was gesagt wird, out: was es bedeutet}</translation>
    </message>
    <message>
      <source>yes</source>
      <translation>ja</translation>
    </message>
    <message>
      <source>you have not agreed to this yet: {what}</source>
      <translation>dem wurde noch nicht zugestimmt: {what}</translation>
    </message>
    <message>
      <source>your voice {db} dB</source>
      <translation>Ihre Stimme {db} dB</translation>
    </message>
    <message>
      <source>{action} does not take '{value}' as '{name}'</source>
      <translation>{action} kennt '{value}' nicht als '{name}'</translation>
    </message>
    <message>
      <source>{action} has no argument '{name}'</source>
      <translation>{action} hat kein Argument '{name}'</translation>
    </message>
    <message>
      <source>{action} needs '{name}'</source>
      <translation>{action} braucht '{name}'</translation>
    </message>
    <message>
      <source>{action} needs {wanted} as '{name}'</source>
      <translation>{action} braucht {wanted} als '{name}'</translation>
    </message>
    <message>
      <source>{blocks} blocks, each run once</source>
      <translation>{blocks} Blöcke, jeder einmal benutzt</translation>
    </message>
    <message>
      <source>{blocks} blocks, run {layers} times in all</source>
      <translation>{blocks} Blöcke, insgesamt {layers}-mal benutzt</translation>
    </message>
    <message>
      <source>{count} alarms are off.</source>
      <translation>{count} Wecker entfallen.</translation>
    </message>
    <message>
      <source>{count} alarms are set: {times}.</source>
      <translation>{count} Wecker sind gestellt: {times}.</translation>
    </message>
    <message>
      <source>{count} command files exported.</source>
      <translation>{count} Befehlsdateien ausgegeben.</translation>
    </message>
    <message>
      <source>{count} command files imported. Before one of them runs a program, you are asked.</source>
      <translation>{count} Befehlsdateien eingelesen. Bevor eine davon ein Programm startet, werden Sie gefragt.</translation>
    </message>
    <message>
      <source>{count} days</source>
      <translation>{count} Tage</translation>
    </message>
    <message>
      <source>{count} hours</source>
      <translation>{count} Stunden</translation>
    </message>
    <message>
      <source>{count} learned numbers, width {width}, stored as {format}</source>
      <translation>{count} gelernte Zahlen, Breite {width}, gespeichert als {format}</translation>
    </message>
    <message>
      <source>{count} minutes</source>
      <translation>{count} Minuten</translation>
    </message>
    <message>
      <source>{count} mistakes in command files</source>
      <translation>{count} Fehler in Befehlsdateien</translation>
    </message>
    <message>
      <source>{count} more</source>
      <translation>{count} weitere</translation>
    </message>
    <message>
      <source>{count} more files need lists or rules of these: {names}</source>
      <translation>{count} weitere Dateien brauchen Listen oder Regeln aus diesen: {names}</translation>
    </message>
    <message>
      <source>{count} reminders are off.</source>
      <translation>{count} Erinnerungen entfallen.</translation>
    </message>
    <message>
      <source>{count} seconds</source>
      <translation>{count} Sekunden</translation>
    </message>
    <message>
      <source>{count} timers are cancelled.</source>
      <translation>{count} Timer sind abgebrochen.</translation>
    </message>
    <message>
      <source>{count} timers are paused again.</source>
      <translation>{count} Timer sind wieder angehalten.</translation>
    </message>
    <message>
      <source>{count} timers are paused.</source>
      <translation>{count} Timer sind angehalten.</translation>
    </message>
    <message>
      <source>{date} is today.</source>
      <translation>{date} ist heute.</translation>
    </message>
    <message>
      <source>{date} was {days} ago.</source>
      <translation>{date} liegt {days} zurück.</translation>
    </message>
    <message>
      <source>{depth} of {layers} layers, {ms} ms: {what} “{words}”, {percent} % sure</source>
      <translation>{depth} von {layers} Schichten, {ms} ms: {what} „{words}“, zu {percent} % sicher</translation>
    </message>
    <message>
      <source>{file} cannot be read: {why}</source>
      <translation>{file} kann nicht gelesen werden: {why}</translation>
    </message>
    <message>
      <source>{file} is back.</source>
      <translation>{file} ist wieder da.</translation>
    </message>
    <message>
      <source>{file} is deleted. “Put back” brings it back.</source>
      <translation>{file} ist gelöscht. „Zurückholen“ bringt es zurück.</translation>
    </message>
    <message>
      <source>{file} is saved.</source>
      <translation>{file} ist gespeichert.</translation>
    </message>
    <message>
      <source>{file} is too large to be shown here</source>
      <translation>{file} ist zu groß, um hier gezeigt zu werden</translation>
    </message>
    <message>
      <source>{file} was not saved: another program has changed it meanwhile</source>
      <translation>{file} wurde nicht gespeichert: Ein anderes Programm hat sie inzwischen geändert</translation>
    </message>
    <message>
      <source>{file}, line {line}</source>
      <translation>{file}, Zeile {line}</translation>
    </message>
    <message>
      <source>{file}: {right} of {count} tests are right.</source>
      <translation>{file}: {right} von {count} Tests sind richtig.</translation>
    </message>
    <message>
      <source>{first} and {last}</source>
      <translation>{first} und {last}</translation>
    </message>
    <message>
      <source>{free} of {size} are free.</source>
      <translation>{free} von {size} sind frei.</translation>
    </message>
    <message>
      <source>{item} is not on your {list} list</source>
      <translation>{item} steht nicht auf der Liste „{list}“</translation>
    </message>
    <message>
      <source>{layers} blocks</source>
      <translation>{layers} Blöcke</translation>
    </message>
    <message>
      <source>{model} is installed. Choose it and press “Use this model”.</source>
      <translation>{model} ist eingespielt. Wählen Sie es und drücken Sie „Dieses Modell verwenden“.</translation>
    </message>
    <message>
      <source>{model} is listening…</source>
      <translation>{model} hört zu …</translation>
    </message>
    <message>
      <source>{model} is removed.</source>
      <translation>{model} ist entfernt.</translation>
    </message>
    <message>
      <source>{model} listens now.</source>
      <translation>{model} hört jetzt zu.</translation>
    </message>
    <message>
      <source>{name} contains itself: {circle}</source>
      <translation>{name} enthält sich selbst: {circle}</translation>
    </message>
    <message>
      <source>{name} is as it was.</source>
      <translation>{name} ist wie vorher.</translation>
    </message>
    <message>
      <source>{name} is in front again.</source>
      <translation>{name} ist wieder vorn.</translation>
    </message>
    <message>
      <source>{name} is in front.</source>
      <translation>{name} ist vorn.</translation>
    </message>
    <message>
      <source>{name} is off again.</source>
      <translation>{name} ist wieder aus.</translation>
    </message>
    <message>
      <source>{name} is off already.</source>
      <translation>{name} ist schon aus.</translation>
    </message>
    <message>
      <source>{name} is off.</source>
      <translation>{name} ist aus.</translation>
    </message>
    <message>
      <source>{name} is on again.</source>
      <translation>{name} ist wieder an.</translation>
    </message>
    <message>
      <source>{name} is on already.</source>
      <translation>{name} ist schon an.</translation>
    </message>
    <message>
      <source>{name} is on.</source>
      <translation>{name} ist an.</translation>
    </message>
    <message>
      <source>{percent} % sure</source>
      <translation>zu {percent} % sicher</translation>
    </message>
    <message>
      <source>{player} cannot do that now</source>
      <translation>{player} kann das gerade nicht</translation>
    </message>
    <message>
      <source>{player} does not report the track</source>
      <translation>{player} nennt den Titel nicht</translation>
    </message>
    <message>
      <source>{player} is back at the same position.</source>
      <translation>{player} ist wieder an derselben Stelle.</translation>
    </message>
    <message>
      <source>{player} is paused.</source>
      <translation>{player} ist angehalten.</translation>
    </message>
    <message>
      <source>{player} is playing already.</source>
      <translation>{player} spielt schon.</translation>
    </message>
    <message>
      <source>{player} is stopped.</source>
      <translation>{player} ist beendet.</translation>
    </message>
    <message>
      <source>{player} plays.</source>
      <translation>{player} spielt.</translation>
    </message>
    <message>
      <source>{problem}: {hint}. “{phrase}” stays in use.</source>
      <translation>{problem}: {hint}. „{phrase}“ gilt weiter.</translation>
    </message>
    <message>
      <source>{program} is done.</source>
      <translation>{program} ist fertig.</translation>
    </message>
    <message>
      <source>{rate} % after {depth} layers</source>
      <translation>{rate} % nach {depth} Schichten</translation>
    </message>
    <message>
      <source>{right} of {count}</source>
      <translation>{right} von {count}</translation>
    </message>
    <message>
      <source>{seconds} s of sound</source>
      <translation>{seconds} s Ton</translation>
    </message>
    <message>
      <source>{seconds} seconds ahead.</source>
      <translation>{seconds} Sekunden vor.</translation>
    </message>
    <message>
      <source>{seconds} seconds back.</source>
      <translation>{seconds} Sekunden zurück.</translation>
    </message>
    <message>
      <source>{text} (noted {when})</source>
      <translation>{text} (notiert {when})</translation>
    </message>
    <message>
      <source>{timer} has {left} left, paused.</source>
      <translation>{timer} hat noch {left}, angehalten.</translation>
    </message>
    <message>
      <source>{timer} has {left} left.</source>
      <translation>{timer} hat noch {left}.</translation>
    </message>
    <message>
      <source>{timer} is cancelled.</source>
      <translation>{timer} ist abgebrochen.</translation>
    </message>
    <message>
      <source>{timer} is over.</source>
      <translation>{timer} ist abgelaufen.</translation>
    </message>
    <message>
      <source>{timer} is paused again.</source>
      <translation>{timer} ist wieder angehalten.</translation>
    </message>
    <message>
      <source>{timer} is paused.</source>
      <translation>{timer} ist angehalten.</translation>
    </message>
    <message>
      <source>{timer} runs on.</source>
      <translation>{timer} läuft weiter.</translation>
    </message>
    <message>
      <source>{timer} runs.</source>
      <translation>{timer} läuft.</translation>
    </message>
    <message>
      <source>{title} by {artist}.</source>
      <translation>{title} von {artist}.</translation>
    </message>
    <message>
      <source>{value} {unit} instead of {other}</source>
      <translation>{value} {unit} statt {other}</translation>
    </message>
    <message>
      <source>{weekday}, {day} {month} {year}</source>
      <translation>{weekday}, {day}. {month} {year}</translation>
    </message>
    <message>
      <source>{what} ({hint})</source>
      <translation>{what} ({hint})</translation>
    </message>
    <message>
      <source>{what} begins at {start} after it ends at {stop}</source>
      <translation>{what} beginnt mit {start}, nach dem Ende {stop}</translation>
    </message>
    <message>
      <source>{what} has no '{key}'</source>
      <translation>{what} hat kein '{key}'</translation>
    </message>
    <message>
      <source>{what} has no key '{name}'</source>
      <translation>{what}: den Schlüssel '{name}' gibt es hier nicht</translation>
    </message>
    <message>
      <source>{what} is empty</source>
      <translation>{what} ist leer</translation>
    </message>
    <message>
      <source>{what} is run without a shell</source>
      <translation>{what} läuft ohne Shell</translation>
    </message>
    <message>
      <source>{what} must be a list, not {kind}</source>
      <translation>{what} muss eine Liste sein, nicht {kind}</translation>
    </message>
    <message>
      <source>{what} must be a mapping, not {kind}</source>
      <translation>{what} muss eine Zuordnung sein, nicht {kind}</translation>
    </message>
    <message>
      <source>{what} must be a number, not {kind}</source>
      <translation>{what} muss eine Zahl sein, nicht {kind}</translation>
    </message>
    <message>
      <source>{what} must be text, not {kind}</source>
      <translation>{what} muss ein Text sein, nicht {kind}</translation>
    </message>
    <message>
      <source>{what}, only when: {when}</source>
      <translation>{what}, nur wenn: {when}</translation>
    </message>
    <message>
      <source>{when}: {text}.</source>
      <translation>Erinnerung {when}: {text}.</translation>
    </message>
    <message>
      <source>“{said}” ({intent}) could be taken for “{other}” ({other_intent})</source>
      <translation>„{said}“ ({intent}) kann für „{other}“ ({other_intent}) gehalten werden</translation>
    </message>
    <message>
      <source>“{said}” can be said ({place}), which ends with “{word}”. Make fewer words of that sentence optional.</source>
      <translation>„{said}“ kann gesagt werden ({place}) und endet mit „{word}“. Machen Sie weniger Wörter dieses Satzes weglassbar.</translation>
    </message>
    <message>
      <source>“{said}” can be said ({place}), which has “{word}” twice. Make fewer words of that sentence optional.</source>
      <translation>„{said}“ kann gesagt werden ({place}) und enthält „{word}“ zweimal. Machen Sie weniger Wörter dieses Satzes weglassbar.</translation>
    </message>
    <message>
      <source>“{said}” means two things: {winner} ({winner_place}) and {loser} ({loser_place}). Only the first is ever done. Change one of the two sentences.</source>
      <translation>„{said}“ bedeutet zweierlei: {winner} ({winner_place}) und {loser} ({loser_place}). Ausgeführt wird immer nur das erste. Ändern Sie einen der beiden Sätze.</translation>
    </message>
    <message>
      <source>“{second}” in the list “{list}” ({place}) sounds like “{first}”, so only “{first}” is ever understood. Give it another name, or tell with “sounds_like:” how it is said.</source>
      <translation>„{second}“ in der Liste „{list}“ ({place}) klingt wie „{first}“; verstanden wird immer nur „{first}“. Geben Sie ihm einen anderen Namen oder sagen Sie mit „sounds_like:“, wie es gesprochen wird.</translation>
    </message>
    <message>
      <source>“{second}” is in the list “{list}” twice ({place}). Only the first is ever understood. Delete one of them, or give it another name.</source>
      <translation>„{second}“ steht zweimal in der Liste „{list}“ ({place}). Verstanden wird immer nur das erste. Löschen Sie eines davon oder geben Sie ihm einen anderen Namen.</translation>
    </message>
    <message>
      <source>“{words}”</source>
      <translation>„{words}“</translation>
    </message>
    <message>
      <source>○ Nothing done</source>
      <translation>○ Nichts getan</translation>
    </message>
    <message>
      <source>✓ Done</source>
      <translation>✓ Erledigt</translation>
    </message>
    <message>
      <source>✓ I heard “{words}”: that is this command.</source>
      <translation>✓ Ich habe „{words}“ gehört: Das ist dieser Befehl.</translation>
    </message>
    <message>
      <source>✓ That is this command.</source>
      <translation>✓ Das ist dieser Befehl.</translation>
    </message>
    <message>
      <source>✓ This works.</source>
      <translation>✓ Das geht.</translation>
    </message>
    <message>
      <source>✓ Understood</source>
      <translation>✓ Verstanden</translation>
    </message>
    <message>
      <source>✓ Undone</source>
      <translation>✓ Rückgängig gemacht</translation>
    </message>
    <message>
      <source>✗ I heard “{words}”. {why}</source>
      <translation>✗ Ich habe „{words}“ gehört. {why}</translation>
    </message>
    <message>
      <source>✗ I heard “{words}”: that is the command “{name}”.</source>
      <translation>✗ Ich habe „{words}“ gehört: Das ist der Befehl „{name}“.</translation>
    </message>
    <message>
      <source>✗ Not done</source>
      <translation>✗ Nicht erledigt</translation>
    </message>
    <message>
      <source>✗ Not undone</source>
      <translation>✗ Nicht rückgängig gemacht</translation>
    </message>
    <message>
      <source>✗ That is not this command.</source>
      <translation>✗ Das ist nicht dieser Befehl.</translation>
    </message>
    <message>
      <source>✗ “{said}”{heard}: expected {expected}, found {found}   {place}</source>
      <translation>✗ „{said}“{heard}: erwartet {expected}, gefunden {found}   {place}</translation>
    </message>
  </context>
</TS>
