// Sign-in by an outside provider.
export default {
  'provider.words': [
    'Or sign in by the provider of identities. To sign documents you need your key all the same.',
    'Или войдите через поставщика удостоверений. Для подписания документов всё равно понадобится ключ.',
    'Немесе сәйкестендіру провайдері арқылы кіріңіз. Құжаттарға қол қою үшін бәрібір кілт қажет.',
  ],
  'provider.sign-in': ['Sign in by the provider', 'Войти через поставщика', 'Провайдер арқылы кіру'],
  'provider.go-on': ['Go on', 'Продолжить', 'Жалғастыру'],
  'key.open.provider': [
    'You have signed in without your key. Choose it to sign; it stays in the memory of this page.',
    'Вы вошли без ключа. Выберите его, чтобы подписать; он останется в памяти этой страницы.',
    'Сіз кілтсіз кірдіңіз. Қол қою үшін оны таңдаңыз; ол осы беттің жадында қалады.',
  ],
  'refusal.person-barred': ['You may not act at present', 'Сейчас вам не разрешено действовать', 'Қазір сізге әрекет етуге рұқсат жоқ'],
  'refusal.provider-sign-in-off': [
    'There is no sign-in by a provider here; sign in with your key',
    'Вход через поставщика здесь недоступен; войдите с ключом',
    'Мұнда провайдер арқылы кіру жоқ; кілтпен кіріңіз',
  ],
  'refusal.provider-unavailable': [
    'The provider does not answer. Sign in with your key, or try again soon.',
    'Поставщик не отвечает. Войдите с ключом или повторите позже.',
    'Провайдер жауап бермейді. Кілтпен кіріңіз немесе кейінірек қайталаңыз.',
  ],
  'refusal.provider-answer-unusable': [
    'The provider has answered with something that cannot be used',
    'Ответ поставщика не может быть использован',
    'Провайдердің жауабын пайдалану мүмкін емес',
  ],
  'refusal.provider-refused': ['The provider has not let you in', 'Поставщик отказал во входе', 'Провайдер кіруден бас тартты'],
  'refusal.provider-state-refused': [
    'This sign-in did not begin here or is over; begin again',
    'Этот вход начат не здесь или уже завершён; начните снова',
    'Бұл кіру осында басталмаған немесе аяқталған; қайта бастаңыз',
  ],
  'refusal.provider-issuer-refused': ['Another provider has answered', 'Ответил другой поставщик', 'Басқа провайдер жауап берді'],
  'refusal.provider-signature-refused': [
    'The signature of the provider does not count',
    'Подпись поставщика не принята',
    'Провайдердің қолтаңбасы қабылданбады',
  ],
  'refusal.provider-claim-refused': [
    'What the provider says of you is not accepted',
    'Сведения поставщика о вас не приняты',
    'Провайдердің сіз туралы мәліметі қабылданбады',
  ],
  'refusal.provider-number-missing': [
    'The provider does not name your national number',
    'Поставщик не указал ваш национальный номер',
    'Провайдер ұлттық нөміріңізді көрсетпеді',
  ],
  'refusal.provider-person-unknown': [
    'You are not registered here yet. Register with your key first.',
    'Вы здесь ещё не зарегистрированы. Сначала зарегистрируйтесь с ключом.',
    'Сіз мұнда әлі тіркелмегенсіз. Алдымен кілтпен тіркеліңіз.',
  ],
  'refusal.provider-ticket-refused': [
    'This sign-in is over or began in another page; begin again',
    'Этот вход завершён или начат на другой странице; начните снова',
    'Бұл кіру аяқталған немесе басқа бетте басталған; қайта бастаңыз',
  ],
};
