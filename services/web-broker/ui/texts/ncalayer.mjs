// Signing with NCALayer, the signing agent of the certification authority of Kazakhstan.
export default {
  'way': ['Sign with', 'Подписать с помощью', 'Қол қою тәсілі'],
  'way.file': ['PKCS#12 file', 'Файл PKCS#12', 'PKCS#12 файлы'],
  'ncalayer.hint': [
    'NCALayer must be running on this computer. Key and password are given to it alone, in its own window.',
    'На этом компьютере должен быть запущен NCALayer. Ключ и пароль вводятся только в его окне.',
    'Бұл компьютерде NCALayer іске қосылып тұруы керек. Кілт пен құпиясөз тек оның өз терезесінде енгізіледі.',
  ],
  'ncalayer.waits': ['NCALayer is waiting for you', 'NCALayer ждёт вас', 'NCALayer сізді күтіп тұр'],
  'ncalayer.waits.words': [
    'Its window is open: choose your key there, enter its password and sign. If you do not see the window, look behind this one.',
    'Его окно открыто: выберите в нём ключ, введите пароль и подпишите. Если окна не видно, посмотрите за этим окном.',
    'Оның терезесі ашық: кілтті таңдап, құпиясөзді енгізіп, қол қойыңыз. Терезе көрінбесе, осы терезенің артынан қараңыз.',
  ],
  'ncalayer.stop': ['Wait no longer', 'Больше не ждать', 'Енді күтпеу'],
  'ncalayer.other-certificate': [
    'Try again and choose another certificate in the window of NCALayer: a valid one for signing, of the person and organisation registered here.',
    'Повторите и выберите в окне NCALayer другой сертификат: действующий, для подписи, того лица и той организации, которые здесь зарегистрированы.',
    'Қайталап, NCALayer терезесінде басқа сертификатты таңдаңыз: мұнда тіркелген тұлға мен ұйымның қол қоюға арналған жарамды сертификатын.',
  ],
  'refusal.ncalayer-absent': [
    'NCALayer does not answer. Start it on this computer, allow this page to reach it if the browser asks, and try again; or sign with a key file.',
    'NCALayer не отвечает. Запустите его на этом компьютере, разрешите странице обращаться к нему, если браузер спросит, и повторите; или подпишите файлом ключа.',
    'NCALayer жауап бермейді. Оны осы компьютерде іске қосыңыз, браузер сұраса, бетке оған қосылуға рұқсат беріп, қайталаңыз; немесе кілт файлымен қол қойыңыз.',
  ],
  'refusal.ncalayer-cancelled': [
    'Signing was cancelled; nothing was sent. Try again when you are ready.',
    'Подписание отменено; ничего не отправлено. Повторите, когда будете готовы.',
    'Қол қою тоқтатылды; ештеңе жіберілген жоқ. Дайын болғанда қайталаңыз.',
  ],
  'refusal.ncalayer-malformed': [
    'NCALayer has answered with something that is no signature; nothing was sent. Update NCALayer, start it anew and try again.',
    'Ответ NCALayer не является подписью; ничего не отправлено. Обновите NCALayer, перезапустите его и повторите.',
    'NCALayer жауабы қолтаңба емес; ештеңе жіберілген жоқ. NCALayer-ді жаңартып, қайта іске қосып, қайталаңыз.',
  ],
  'refusal.ncalayer-lost': [
    'NCALayer was closed before it had signed; nothing was sent. Start it and try again.',
    'NCALayer закрылся, не подписав; ничего не отправлено. Запустите его и повторите.',
    'NCALayer қол қоймай жабылды; ештеңе жіберілген жоқ. Оны іске қосып, қайталаңыз.',
  ],
  'refusal.ncalayer-refused': [
    'NCALayer could not sign; nothing was sent. Choose another key in it, or start it anew and try again.',
    'NCALayer не смог подписать; ничего не отправлено. Выберите в нём другой ключ или перезапустите его и повторите.',
    'NCALayer қол қоя алмады; ештеңе жіберілген жоқ. Онда басқа кілтті таңдаңыз немесе оны қайта іске қосып, қайталаңыз.',
  ],
};
